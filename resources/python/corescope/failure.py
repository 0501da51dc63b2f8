"""What went wrong, in a line that a user can read."""

import os
import signal
import sys

_longest_message = 300
_most_frames = 8
_our_folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


class TrialFailure(Exception):
    """The trial has failed: a line that says why, and frames of the user's own files, innermost first."""

    def __init__(self, reason, frames=()):
        Exception.__init__(self, reason)
        self.reason = reason
        self.frames = list(frames)


class TaskFailure(Exception):
    """What a task has raised is its cause."""

    def __init__(self, task):
        Exception.__init__(self, task)
        self.task = task


def words_of(error):
    """Name and message of what was raised, on one line."""
    try:
        lines = str(error).strip().splitlines()
    except Exception:
        lines = ['what was raised raises itself when it is looked at']
    line = lines[0] if lines else ''
    text = type(error).__name__ + (': ' + line if line else '')
    text = ''.join(each if each.isprintable() else ' ' for each in text)
    return text if len(text) <= _longest_message else text[:_longest_message] + '…'


def frames_of(error, folder=None):
    """Frames in files that are neither ours nor Python's, as `at name (file:line)`, the innermost first.

    :param folder: where files are named from; without it by their whole path
    """
    import traceback

    frames = []
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = os.path.abspath(frame.filename)
        if frame.filename.startswith('<') or path.startswith((_our_folder, *_python_folders())):
            continue
        place = '%s:%d' % (path if folder is None else named_from(path, folder), frame.lineno)
        frames.append('at ' + (place if frame.name == '<module>' else '%s (%s)' % (frame.name, place)))
    return frames[:_most_frames]


def named_from(path, folder):
    """A path as seen from a folder; Windows has none from one drive to another."""
    try:
        return os.path.relpath(path, folder)
    except ValueError:
        return path


def _python_folders():
    """Folders of the interpreter's own library, and of what is installed for it."""
    standard = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
    installed = [each + os.sep for each in sys.path if 'site-packages' in each or 'dist-packages' in each]
    return [standard, *installed]


def words_of_exit(code):
    """How a process ended before its time.

    :param code: as `multiprocessing` gives it; None where it is not known
    """
    if code is None:
        return 'in a way that is not known'
    if code >= 0:
        return 'exit code %d' % code
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = str(-code)
    return 'signal ' + name + (': perhaps the machine ran out of memory' if name == 'SIGKILL' else '')
