"""Asks the lab's own loopback server, which answers after a set time: waits for a net."""

from http.client import HTTPConnection
from zlib import crc32

# Tasks ask for so many different pages, then for the first again.
_pages = 64
_part_bytes = 65536


class Http:
    def __init__(self, port, query):
        # One connection that is kept alive.
        self._connection = HTTPConnection('127.0.0.1', port)
        self._query = query

    def task(self, index):
        self._connection.request('GET', '/page/%d?%s' % (index % _pages, self._query))
        response = self._connection.getresponse()
        checksum = 0
        part = response.read(_part_bytes)
        while part:
            checksum = crc32(part, checksum)
            part = response.read(_part_bytes)
        if response.status != 200:
            raise ValueError('the server answered %d' % response.status)
        return checksum

    def close(self):
        self._connection.close()


def prepare(parameters, context):
    if context.server_port is None:
        raise ValueError('http needs a server')
    asked = (int(parameters['size_kib']), int(parameters['latency_ms']))
    return Http(context.server_port, 'size_kib=%d&latency_ms=%d' % asked)
