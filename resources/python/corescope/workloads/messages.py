"""Sends a text to the host and back, k times: what it costs to talk to a worker."""

from base64 import urlsafe_b64encode
from zlib import crc32

from corescope.workloads.made_once import made_once
from corescope.workloads.random_stream import random_bytes

# Texts that differ, so that an answer to the task before is told from one to this.
_variants = 4


class Messages:
    def __init__(self, rest, round_trips, exchange):
        self._rest = rest
        self._round_trips = round_trips
        self._exchange = exchange

    def task(self, index):
        text = chr(97 + index % _variants) + self._rest
        # Each trip goes on with what came back from the one before: an error anywhere stays.
        for _ in range(self._round_trips):
            text = self._exchange(text)
        return crc32(text.encode('ascii'))


def prepare(parameters, context):
    if context.exchange is None:
        raise ValueError('messages needs a host to talk to, which a worker of a %s has not' % context.model)
    rest = made_once(_letters, int(parameters['size_bytes']) - 1, context.seed)
    return Messages(rest, int(parameters['round_trips']), context.exchange)


def _letters(count, seed):
    """Letters of the base-64 alphabet: a byte each on every way, and none that has to be escaped."""
    raw = random_bytes(-(-count * 3 // 4), seed)
    return urlsafe_b64encode(raw).decode('ascii')[:count]
