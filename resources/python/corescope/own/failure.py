"""What went wrong in a module of the user's own: a line that says what and where, and its own frames."""

import os

from corescope.failure import TrialFailure, frames_of, named_from, words_of


class OwnFailure(TrialFailure):
    def __init__(self, reason, frames=(), task=None):
        """
        :param frames: of the user's own files, each as `at name (file:line)`, the innermost first
        :param task: in which it happened, where that is not the one being done
        """
        TrialFailure.__init__(self, reason, frames)
        self.task = task


def own_failure(error, path, doing='', task=None):
    """
    :param error: what the module raised
    :param path: of the module; its folder is where files are named from
    :param doing: what it was asked for, as `setup()`; empty for a task, which is named elsewhere
    """
    if isinstance(error, OwnFailure):
        return error
    folder = os.path.dirname(os.path.abspath(path))
    frames = frames_of(error, folder)
    if isinstance(error, SyntaxError):
        # What cannot be understood has no frame of its own.
        words = '%s: %s' % (type(error).__name__, error.msg)
        if error.filename is not None and error.lineno is not None:
            file = named_from(os.path.abspath(error.filename), folder)
            frames.insert(0, 'at %s:%d:%d' % (file, error.lineno, error.offset or 1))
    elif isinstance(error, SystemExit):
        code = '' if error.code is None else error.code
        words = 'the module ended its worker with sys.exit(%s)' % code
    else:
        words = words_of(error)
    before = doing + ' failed: ' if doing else ''
    return OwnFailure(before + words + _place_of(frames), frames, task)


def _place_of(frames):
    """Where it happened first, as the end of a line."""
    if not frames:
        return ''
    place = frames[0][len('at ') :]
    return ', at ' + (place[place.rindex('(') + 1 : -1] if place.endswith(')') else place)
