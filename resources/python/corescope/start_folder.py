"""The folder that worker processes are started in.

A Python that is started with `-c`, as `multiprocessing` does, looks for modules in its current folder
first: in the user's a file named queue.py would take the place of the standard library's.
"""

import os

# Whoever is started meanwhile reads here where to go.
_KEY = 'CORESCOPE_FOLDER'


class Elsewhere:
    """While it lasts, the current folder is ours, in which nothing is named like a module of others."""

    def __enter__(self):
        folder = None if _KEY in os.environ else _current()
        self._has_left = folder is not None
        if self._has_left:
            os.environ[_KEY] = folder
            os.chdir(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

    def __exit__(self, *_):
        if self._has_left:
            come_back()


def come_back():
    """Goes to the folder of whoever has started this process; does nothing where it is there."""
    folder = os.environ.pop(_KEY, None)
    if folder is None:
        return
    try:
        os.chdir(folder)
    except OSError:
        # It is gone: the user's own code will say so where it needs it.
        pass


def _current():
    try:
        return os.getcwd()
    except OSError:
        return None
