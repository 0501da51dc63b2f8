"""Hashes a buffer, k rounds, each over the digest before and the buffer.

`hashlib` lets go of the interpreter lock while it hashes more than 2047 bytes.
"""

from hashlib import sha256

from corescope.workloads.made_once import made_once
from corescope.workloads.random_stream import random_bytes


class Sha256:
    def __init__(self, buffer, rounds):
        self._buffer = buffer
        self._rounds = rounds

    def task(self, index):
        digest = b''
        for _ in range(self._rounds):
            found = sha256(digest)
            found.update(self._buffer)
            digest = found.digest()
        # The first 48 bits, which a double holds exactly.
        return int.from_bytes(digest[:6], 'big')


def prepare(parameters, context):
    buffer = made_once(random_bytes, int(parameters['size_kib']) * 1024, context.seed)
    return Sha256(buffer, int(parameters['rounds']))
