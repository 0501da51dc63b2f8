"""The line to the lab: a message is a line of JSON, as `protocol.ts` says."""

import os
import sys

_most_read = 65536
# Code of the user's own may put others in their place: ours goes on.
_read, _write = os.read, os.write


def take_over():
    """Takes standard input and output for the lab alone, and gives everybody else something in their stead.

    What is printed from now on, by this process or one it starts, goes to standard error.
    """
    reading, writing = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if hasattr(os, 'register_at_fork'):
        os.register_at_fork(after_in_child=lambda: _close(reading, writing))
    lab = Lab(reading, writing)
    # Something may have been printed before, and without a line's end. And it says that we listen: the lab
    # sends nothing before, since the clock is set by the first that it sends.
    _write_all(writing, b'\n')
    return lab


class Lab:
    """Whom the host tells what happens. Its end is ours: see `ending.py`."""

    def __init__(self, reading, writing):
        import json
        import threading

        from corescope import clock

        self._reading = reading
        self._writing = writing
        self._decode = json.loads
        self._encode = json.JSONEncoder(separators=(',', ':')).encode
        self._clock = clock
        self._started = threading.Event()
        self._go_on = threading.Event()
        self._start = None
        threading.Thread(target=self._listen, name='lab', daemon=True).start()

    def wait_for_start(self):
        """The message that begins the trial."""
        self._started.wait()
        return self._start

    def tell(self, message):
        _write_all(self._writing, self._encode(message).encode('ascii') + b'\n')

    def look(self, after, patience):
        """Has the lab look at what is there now.

        :param after: the phase that is over
        :param patience: how long it is waited for at most, in s
        """
        self._go_on.clear()
        self.tell({'type': 'look', 'after': after})
        self._go_on.wait(patience)

    def _listen(self):
        """Runs in a thread of its own: the lab may be gone while everybody else is busy."""
        rest = b''
        while True:
            try:
                part = _read(self._reading, _most_read)
            except OSError:
                part = b''
            read_at = self._clock.seconds()
            if part == b'':
                from corescope.ending import end_group

                end_group()
            lines = (rest + part).split(b'\n')
            rest = lines.pop()
            for line in lines:
                self._hear(self._decode(line.decode('utf-8')), read_at)

    def _hear(self, message, read_at):
        if message['type'] == 'go-on':
            self._go_on.set()
        elif message['type'] == 'start':
            self._clock.set_by(message.get('at', 0), read_at)
            self._start = message
            self._started.set()


def _write_all(descriptor, data):
    view = memoryview(data)
    while len(view) > 0:
        try:
            view = view[_write(descriptor, view) :]
        except OSError:
            # The lab is gone: who listens to it ends us.
            return


def _close(*descriptors):
    for descriptor in descriptors:
        try:
            os.close(descriptor)
        except OSError:
            pass


def flush_output():
    """What was printed, before the process ends at once."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            pass
