"""Messages from one interpreter to another of the same process.

The queue of `concurrent.interpreters` looks every 10 ms whether something has come: what is measured
would wait for it. A pipe wakes its reader at once, and each interpreter can have either end.
"""

import os
import pickle

_length_bytes = 8


def send(descriptor, message):
    """For one writer at a time."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    view = memoryview(len(data).to_bytes(_length_bytes, 'little') + data)
    while len(view) > 0:
        view = view[os.write(descriptor, view) :]


def receive(descriptor):
    """The next message; waits for it.

    :raises EOFError: where the other end has been closed
    """
    length = int.from_bytes(_read(descriptor, _length_bytes), 'little')
    return pickle.loads(_read(descriptor, length))


def _read(descriptor, length):
    parts = []
    while length > 0:
        part = os.read(descriptor, min(length, 1 << 20))
        if part == b'':
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b''.join(parts)


class PipeCounter:
    """Number of the next task: whoever has read it from the pipe is alone with it until it is written back."""

    def __init__(self, reading, writing):
        self._reading = reading
        self._writing = writing
        self.value = 0

    def get_lock(self):
        return self

    def __enter__(self):
        self.value = int.from_bytes(os.read(self._reading, _length_bytes), 'little')

    def __exit__(self, *_):
        os.write(self._writing, self.value.to_bytes(_length_bytes, 'little'))
