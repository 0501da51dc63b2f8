"""Waits: cores stay idle, so only the number of workers counts."""

from math import floor
from time import sleep

from corescope import clock

# A timer may fire up to this early on the clock that tasks are timed with, in ms.
_early = 1


class Sleep:
    def __init__(self, ms):
        self._ms = ms

    def task(self, index):
        start = clock.seconds()
        sleep(self._ms / 1000)
        waited = (clock.seconds() - start) * 1000
        return self._ms if waited + _early >= self._ms else floor(waited)


def prepare(parameters, context):
    return Sleep(int(parameters['ms']))
