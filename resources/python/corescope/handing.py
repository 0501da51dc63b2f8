"""What a task of the user's own has returned, on its way to the host."""

from multiprocessing.reduction import ForkingPickler

from corescope.own.pickling import why_not_pickled


class CannotBePickled(Exception):
    """Said in words already; there are no frames: it is not the user's code that was running."""

    frames = ()


def pickled(output, model):
    """As bytes, which the host takes and drops: to pickle and to send it is what it costs a worker.

    :raises CannotBePickled: in words that name the model
    """
    try:
        return bytes(ForkingPickler.dumps(output))
    except Exception as error:
        part = why_not_pickled(output, 'output', error)
        why = 'what it returned cannot be pickled, and %s have to: %s' % (_names[model], part)
        raise CannotBePickled(why) from error


_names = {
    'processes': 'processes',
    'pool': 'the processes of a pool',
    'process-pool': 'the processes of a pool',
    'interpreters': 'sub-interpreters',
}
