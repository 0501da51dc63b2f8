"""Runs the trial of a probe: baseline → what it prepares → work → its end. The twin of `host/probe-host.ts`."""

import time
from importlib import import_module

from corescope import clock
from corescope.probes import NAMES

# How long the host stays as it is at the end, for the lab to look at it, in s.
_look_seconds = 5.0


def host_probe(spec, lab):
    """
    :raises Exception: in words, where it could not be observed
    """
    if spec['workload'] not in NAMES:
        raise ValueError('there is no probe %s in Python' % spec['workload'])
    baseline_from = clock.now_ms()
    lab.tell({'type': 'phase', 'name': 'baseline', 'at': baseline_from})
    time.sleep(spec['baselineMs'] / 1000.0)
    prepared_from = clock.now_ms()
    lab.tell({'type': 'phase', 'name': 'spawn', 'at': prepared_from})
    begun_at = []

    def begin():
        begun_at.append(clock.now_ms())
        lab.tell({'type': 'released', 'at': begun_at[0]})

    observations = import_module('corescope.probes.' + spec['workload']).observe(spec, begin)
    ended_at = clock.now_ms()
    lab.look('work', _look_seconds)
    return {
        'baselineFrom': baseline_from,
        'preparedFrom': prepared_from,
        'begunAt': begun_at[0] if begun_at else prepared_from,
        'endedAt': ended_at,
        'observations': observations,
    }
