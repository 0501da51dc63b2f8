"""The monotonic clock that lab, host and workers share, in ms from an arbitrary start."""

import sys
import time

# Code of the user's own may put another in its place, as test libraries do: ours goes on.
# On Linux it is CLOCK_MONOTONIC, which is the lab's clock too.
seconds = time.monotonic if sys.platform.startswith('linux') else time.perf_counter

_shift_ms = 0.0


def ms_of(reading):
    """What the clock shows where `seconds` gave the reading."""
    return reading * 1000.0 + _shift_ms


def now_ms():
    return seconds() * 1000.0 + _shift_ms


def set_by(lab_ms, reading):
    """Takes over the lab's clock where the two have starts of their own.

    :param lab_ms: what the lab's clock showed when it sent a message
    :param reading: what `seconds` gave when that came
    """
    if not sys.platform.startswith('linux'):
        shift_by(lab_ms - reading * 1000.0)


def shift():
    """What a worker hands to `shift_by`, so that its clock is the host's."""
    return _shift_ms


def shift_by(ms):
    global _shift_ms
    _shift_ms = ms
