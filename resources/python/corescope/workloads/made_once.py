"""Data that is made once in a process, however many of its threads ask for it."""

from threading import Lock

_lock = Lock()
_made = {}


def made_once(make, *arguments):
    """What `make(*arguments)` gives, which nobody may change."""
    key = (make, arguments)
    with _lock:
        if key not in _made:
            _made[key] = make(*arguments)
        return _made[key]
