"""Waiting for connections and for the ends of processes, many of them, over and over."""

import sys

if sys.platform == 'win32':
    from multiprocessing.connection import wait

    class Watched:
        def __init__(self):
            self._about = {}

        def add(self, handle, about):
            self._about[handle] = about

        def remove(self, handle):
            self._about.pop(handle, None)

        def ready(self, seconds):
            return [self._about[each] for each in wait(list(self._about), seconds)]

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
