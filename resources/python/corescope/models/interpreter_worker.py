"""The worker of `interpreters`, inside its sub-interpreter."""

from corescope import clock
from corescope.models.message_pipe import PipeCounter, receive, send
from corescope.worker import Worker


def main(number, hearing, telling, counting, shift_ms):
    """
    :param hearing: descriptor that the host's messages are read from
    :param telling: descriptor that messages for the host are written to
    :param counting: descriptors of the counter of dynamic tasks, or None
    :param shift_ms: of the host's clock
    """
    clock.shift_by(shift_ms)

    def exchange(payload):
        send(telling, ('exchange', payload))
        return receive(hearing)

    def hand_back(output):
        send(telling, ('output', output))

    worker = Worker(
        number,
        lambda message: send(telling, message),
        is_thread=True,
        counter=None if counting is None else PipeCounter(*counting),
        exchange=exchange,
        hand_back=hand_back,
    )
    worker.tell_ready()
    while worker.handle(receive(hearing)):
        pass
