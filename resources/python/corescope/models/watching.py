"""Waiting for connections and for the ends of processes, many of them, over and over."""

import sys

if sys.platform == 'win32':
    from multiprocessing.connection import wait
    from time import monotonic, sleep

    # Windows waits for 64 handles at once; `wait` needs one for itself.
    _most_at_once = 60
    _look_again_seconds = 0.01

    class Watched:
        def __init__(self):
            self._about = {}

        def add(self, handle, about):
            self._about[handle] = about

        def remove(self, handle):
            self._about.pop(handle, None)

        def ready(self, seconds):
            handles = list(self._about)
            if len(handles) <= _most_at_once:
                return [self._about[each] for each in wait(handles, seconds)]
            # Of more, part after part is looked at.
            parts = [handles[at : at + _most_at_once] for at in range(0, len(handles), _most_at_once)]
            deadline = monotonic() + seconds
            while True:
                found = [self._about[each] for part in parts for each in wait(part, 0)]
                if found or monotonic() >= deadline:
                    return found
                sleep(_look_again_seconds)

else:
    import selectors

    class Watched:
        """`multiprocessing.connection.wait` makes a selector each time, which takes it many times longer."""

        def __init__(self):
            self._selector = selectors.DefaultSelector()

        def add(self, handle, about):
            """:param about: is told when there is something to be heard of the handle"""
            self._selector.register(handle, selectors.EVENT_READ, about)

        def remove(self, handle):
            try:
                self._selector.unregister(handle)
            except (KeyError, ValueError):
                pass

        def ready(self, seconds):
            """What is ready now, or the first that is within so many seconds."""
            return [key.data for key, _ in self._selector.select(seconds)]
