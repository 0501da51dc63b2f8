"""Runs the one trial that a host is for, and ends."""

import os

from corescope import ending
from corescope.channel import flush_output
from corescope.failure import TrialFailure, frames_of, words_of


def run(lab, make_crew=None):
    """:param make_crew: makes the workers of a trial, where they are none of `corescope.models`"""
    ending.prepare()
    spec = lab.wait_for_start()['spec']
    try:
        if spec['isProbe']:
            from corescope.probe import host_probe

            last = {'type': 'observed', 'result': host_probe(spec, lab)}
        else:
            from corescope.trial import host_trial

            if make_crew is None:
                from corescope.models import make_crew
            last = {'type': 'finished', 'result': host_trial(spec, lab, make_crew)}
    except TrialFailure as failure:
        last = {'type': 'failed', 'reason': failure.reason, 'frames': failure.frames}
    except Exception as error:
        last = {'type': 'failed', 'reason': words_of(error), 'frames': frames_of(error)}
    flush_output()
    if last['type'] == 'failed':
        # The lab ends all of us as soon as it hears of it.
        ending.unlink_names()
        # It is the last that the lab waits for; and workers may hold what has to end.
        lab.tell(last)
        ending.end_workers()
        ending.stop_servants()
    else:
        ending.stop_servants()
        lab.tell(last)
    # Nothing is waited for any more: a thread may go on for ever.
    os._exit(0)
