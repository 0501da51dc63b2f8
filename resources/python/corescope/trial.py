"""Runs one trial: baseline → spawn → barrier → work → teardown. The twin of `host/trial-host.ts`."""

import time

from corescope import clock, usage
from corescope.delay import HostDelay

# How long the host stays as it is at the end of a phase, for the lab to look at it, in s.
_look_seconds = 5.0


def host_trial(spec, lab, make_crew):
    """
    :param make_crew: makes the workers of a trial, none of which has been started
    :raises TrialFailure: where a worker fails or ends before its time
    """
    crew = make_crew(spec)
    try:
        return _host_crew(spec, crew, lab)
    except BaseException:
        crew.abandon()
        raise


def _host_crew(spec, crew, lab):
    baseline_from = clock.now_ms()
    lab.tell({'type': 'phase', 'name': 'baseline', 'at': baseline_from})
    time.sleep(spec['baselineMs'] / 1000.0)
    baseline_rss_bytes = usage.rss_bytes()
    lab.look('baseline', _look_seconds)
    baseline_to = clock.now_ms()

    lab.tell({'type': 'phase', 'name': 'spawn', 'at': baseline_to})
    crew.spawn()
    all_ready_at = clock.now_ms()

    lab.tell({'type': 'phase', 'name': 'barrier', 'at': all_ready_at})
    lab.tell({'type': 'crew', 'workers': crew.identities()})
    crew.prepare()
    lab.look('barrier', _look_seconds)
    result = _host_work(spec, crew, lab)

    crew.ask_for_spans()
    lab.tell({'type': 'phase', 'name': 'teardown', 'at': clock.now_ms()})
    workers = crew.tear_down()
    result.update(
        baselineFrom=baseline_from,
        baselineTo=baseline_to,
        baselineRssBytes=baseline_rss_bytes,
        allReadyAt=all_ready_at,
        workers=workers,
    )
    crew.account_for(result)
    return result


def _host_work(spec, crew, lab):
    """The work window, from the release of the barrier to the last task, and what the host is in it."""

    def report():
        lab.tell(
            {
                'type': 'report',
                'at': clock.now_ms(),
                'rssBytes': usage.rss_bytes(),
                'cpuMs': usage.process_cpu_ms(),
                'workers': crew.report(),
            }
        )

    report()
    delay = HostDelay()
    switches_before = usage.switches()
    cpu_before = usage.process_cpu_ms()
    released_at = clock.now_ms()
    released = {'type': 'released', 'at': released_at}
    # Inline the host is busy from the release on: the lab hears of it before.
    if not crew.starts_workers:
        lab.tell(released)
    crew.release(released_at, report)
    if crew.starts_workers:
        lab.tell(released)
    crew.wait_until_done(spec['intervalMs'] / 1000.0)

    cpu_ms = usage.process_cpu_ms() - cpu_before
    voluntary, involuntary = usage.switches()
    host_rss_bytes = usage.rss_bytes()
    delay_p99_ms = delay.end()
    report()
    lab.look('work', _look_seconds)
    return {
        'releasedAt': released_at,
        'hostCpuMs': cpu_ms,
        'hostVoluntarySwitches': voluntary - switches_before[0],
        'hostInvoluntarySwitches': involuntary - switches_before[1],
        'hostRssBytes': host_rss_bytes,
        'hostDelayP99Ms': delay_p99_ms,
    }
