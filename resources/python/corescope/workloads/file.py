"""Writes a file, syncs it to the disk, reads it back and compares: waits for the disk."""

import os
from zlib import crc32

from corescope.workloads.made_once import made_once
from corescope.workloads.random_stream import random_bytes

_flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, 'O_BINARY', 0)


class File:
    def __init__(self, path, content):
        self._path = path
        self._content = content

    def task(self, index):
        with open(os.open(self._path, _flags, 0o600), 'wb') as file:
            file.write(self._content)
            file.flush()
            os.fsync(file.fileno())
        with open(self._path, 'rb') as file:
            found = file.read()
        # −1 is no checksum: the task is then counted as wrong.
        return crc32(found) if found == self._content else -1

    def close(self):
        try:
            os.remove(self._path)
        except FileNotFoundError:
            pass


def prepare(parameters, context):
    if context.folder is None:
        raise ValueError('file needs a folder')
    path = os.path.join(context.folder, 'worker-%d.bin' % context.worker)
    return File(path, made_once(random_bytes, int(parameters['size_kib']) * 1024, context.seed))
