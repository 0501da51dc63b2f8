"""How a text gets from a worker process to the host and back: pickled, and on one of three ways.

A transport is made in the host before its worker: `end` goes to the worker as an argument of its process,
`start` has the host answer, `attached` says that the worker is there. What the host holds goes with it. The
worker gets its round trip from `end.exchange()`.
"""

import threading
from pickle import dumps, loads

PIPE, QUEUE, SHARED_MEMORY = 'pipe', 'queue', 'shared-memory'
NAMES = (PIPE, QUEUE, SHARED_MEMORY)

# What pickling adds to a text, and the length before it, in bytes: more than enough.
_beside = 1024
_length_bytes = 8


def open_transport(words, context, size):
    """
    :param words: of the variant, one of which may name it; a pipe where none does
    :param context: of `multiprocessing`, for the start method
    :param size: of the longest text, in bytes
    """
    name = next((word for word in words if word in NAMES), PIPE)
    if name == QUEUE:
        return _Host(_QueueEnd(context.Queue(), context.Queue()))
    if name == SHARED_MEMORY:
        return _Host(_MemoryEnd.made(context, size + _beside))
    there, back = context.Pipe()
    return _Host(_PipeEnd(back), _PipeEnd(there))


class _Host:
    """The host's side: a thread that sends back what it gets."""

    def __init__(self, end, ours=None):
        """
        :param ours: the other end, where the two differ
        """
        self.end = end
        self._ours = ours

    def start(self):
        """To be called when the process has been started: a fork is to find no thread of ours."""
        if self._ours is not None:
            # Else the end of the worker would not be the end of the pipe.
            self.end.close()
        answering = self.end if self._ours is None else self._ours
        threading.Thread(target=_answer, args=(answering,), name='echo', daemon=True).start()

    def attached(self):
        self.end.attached()


def _answer(end):
    try:
        while True:
            end.answer()
    except (EOFError, OSError, ValueError):
        # The worker, or the trial, has come to its end.
        pass


class _PipeEnd:
    """One end of a `Pipe`, which pickles by itself."""

    def __init__(self, connection):
        self._connection = connection

    def exchange(self):
        send, receive = self._connection.send, self._connection.recv

        def trip(payload):
            send(payload)
            return receive()

        return trip

    def answer(self):
        self._connection.send(self._connection.recv())

    def attached(self):
        """Nothing is left to do."""

    def close(self):
        self._connection.close()


class _QueueEnd:
    """Two of `multiprocessing.Queue`, each of which pickles in a thread of its own."""

    def __init__(self, there, back):
        self._there = there
        self._back = back

    def exchange(self):
        put, get = self._there.put, self._back.get

        def trip(payload):
            put(payload)
            return get()

        return trip

    def answer(self):
        self._back.put(self._there.get())

    def attached(self):
        """Nothing is left to do."""


class _MemoryEnd:
    """Two stretches of shared memory, one for each direction, and a semaphore for each that says when."""

    def __init__(self, memories, semaphores):
        self._memories = memories
        self._semaphores = semaphores

    @classmethod
    def made(cls, context, size):
        from multiprocessing.shared_memory import SharedMemory

        memories = tuple(SharedMemory(create=True, size=size + _length_bytes) for _ in range(2))
        return cls(memories, tuple(context.Semaphore(0) for _ in range(2)))

    def exchange(self):
        there, back = (memory.buf for memory in self._memories)
        sent, answered = self._semaphores

        def trip(payload):
            _write(there, payload)
            sent.release()
            answered.acquire()
            return _read(back)

        return trip

    def answer(self):
        there, back = (memory.buf for memory in self._memories)
        sent, answered = self._semaphores
        sent.acquire()
        _write(back, _read(there))
        answered.release()

    def attached(self):
        """Both have it: from now on it is gone with the last of them, whatever becomes of them."""
        for memory in self._memories:
            memory.unlink()


def _write(buffer, payload):
    pickled = dumps(payload, -1)
    end = _length_bytes + len(pickled)
    buffer[:_length_bytes] = len(pickled).to_bytes(_length_bytes, 'little')
    buffer[_length_bytes:end] = pickled


def _read(buffer):
    length = int.from_bytes(buffer[:_length_bytes], 'little')
    return loads(buffer[_length_bytes : _length_bytes + length])
