"""What is sent to another process is pickled: why something cannot be, and in which part of it that lies."""

import pickle

from corescope.failure import words_of

# How deep and how wide it is searched.
_deepest = 8
_widest = 1000


def why_not_pickled(value, name, error):
    """The part that cannot be pickled, as `output['rows'][2].callback`, and why.

    :param name: of the whole
    :param error: what was raised when it was sent
    """
    for _ in range(_deepest):
        found = _unpicklable_part(value)
        if found is None:
            break
        value, step, error = found
        name += step
    return '%s: %s' % (name, words_of(error))


def _unpicklable_part(value):
    for step, part in _parts_of(value):
        try:
            pickle.dumps(part, -1)
        except Exception as error:
            return part, step, error
    return None


def _parts_of(value):
    if isinstance(value, dict):
        parts = [('[%r]' % (key,), each) for key, each in list(value.items())[:_widest]]
    elif isinstance(value, (list, tuple)):
        parts = [('[%d]' % at, each) for at, each in enumerate(value[:_widest])]
    else:
        parts = [('.' + name, each) for name, each in list(getattr(value, '__dict__', {}).items())[:_widest]]
    return parts
