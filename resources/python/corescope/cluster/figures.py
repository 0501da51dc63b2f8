"""What Dask itself tells of a trial: flat figures whose names end in their unit."""


def reading_of_worker(dask_worker):
    """A Dask worker's own counts so far, as versions from 2022.12 on keep them."""
    log = list(dask_worker.transfer_outgoing_log)
    monitor = dask_worker.monitor
    recent = monitor.recent() if monitor.count else {}
    return {
        'bytes': dask_worker.transfer_outgoing_bytes_total,
        'count': dask_worker.transfer_outgoing_count_total,
        # Its newer versions round what it calls a duration up to 1 ms.
        'durations': [(each['stop'] - each['start']) * 1000 for each in log],
        'memory': recent.get('memory'),
        'cpu_percent': recent.get('cpu'),
    }


def observations(before, after, scheduler, dask_tasks, place):
    """
    :param before: what each Dask worker told when the work began, by its address
    :param after: the same at its end
    :param scheduler: what its process told then and then; empty where it is the host
    """
    found = {'dask_tasks_count': dask_tasks}
    pairs = [(before[address], after[address]) for address in after if address in before]
    found['dask_transfer_bytes'] = sum(end['bytes'] - begin['bytes'] for begin, end in pairs)
    found['dask_transfer_count'] = sum(end['count'] - begin['count'] for begin, end in pairs)
    durations = [latest(begin, end) for begin, end in pairs]
    if None not in durations:
        found['dask_transfer_ms'] = sum(durations)
    memories = [end['memory'] for _, end in pairs]
    if memories and None not in memories:
        found['dask_worker_memory_max_bytes'] = max(memories)
    shares = [end['cpu_percent'] for _, end in pairs]
    if shares and None not in shares:
        found['dask_worker_cpu_max_percent'] = max(shares)
    if scheduler and None not in scheduler:
        found['dask_scheduler_cpu_ms'] = scheduler[1]['cpuMs'] - scheduler[0]['cpuMs']
        found['dask_scheduler_rss_bytes'] = scheduler[1]['rss']
    clock_error_ms = getattr(place, 'clock_error_ms', None)
    if clock_error_ms is not None:
        found['dask_clock_error_ms'] = clock_error_ms
    return found


def latest(begin, end):
    """Time of the transfers between two readings; None where the log has lost some of them."""
    count = end['count'] - begin['count']
    if count > len(end['durations']):
        return None
    return sum(end['durations'][len(end['durations']) - count :]) if count > 0 else 0.0
