"""The one pipe through which all processes of a pool speak.

A worker may be killed in the midst of what it says, and as others have the pipe open too it does not end then:
who waited for the rest would wait for ever. So each message is written in parts that the system writes whole or
not at all.
"""

import pickle
import select

# Windows has no such bound: there each write is a message of its own.
_most_at_once = getattr(select, 'PIPE_BUF', None)
# What a `Connection` writes before a part, and what is ours, in bytes.
_beside = 4 + 1
_more, _last = b'+', b'.'


class SharedPipe:
    """A worker's end."""

    def __init__(self, connection, lock):
        self._connection = connection
        self._lock = lock

    def put(self, message):
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        size = len(data) if _most_at_once is None else _most_at_once - _beside
        with self._lock:
            for at in range(0, len(data), size):
                mark = _last if at + size >= len(data) else _more
                self._connection.send_bytes(mark + data[at : at + size])


class Heard:
    """The host's end."""

    def __init__(self, connection):
        self.connection = connection
        self._parts = []

    def messages(self):
        """Those that are there as a whole; waits for none."""
        while self.connection.poll():
            part = self.connection.recv_bytes()
            self._parts.append(part[1:])
            if part[:1] == _last:
                data = b''.join(self._parts)
                self._parts = []
                yield pickle.loads(data)
