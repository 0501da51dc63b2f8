"""Times of single tasks as counts in buckets: the layout is that of `worker/task-times.ts`."""

from math import frexp

buckets_per_octave = 128
octaves = 43
_last = octaves * buckets_per_octave - 1


def bucket_of(seconds):
    """The bucket of a time: octave of its nanoseconds, and which 128th of it."""
    # A mantissa of 0.5 to 1, and the exponent that belongs to it: one call instead of a logarithm.
    mantissa, exponent = frexp(seconds * 1e9)
    bucket = exponent * 128 + int(mantissa * 256.0) - 256
    return 0 if bucket < 0 else _last if bucket > _last else bucket


def taken(counts):
    """Bucket, count, bucket, count … of a dictionary of counts.

    Its keys need not lie within the octaves; those that do not are counted at their ends.
    """
    within = {}
    for bucket, count in counts.items():
        key = min(max(bucket, 0), _last)
        within[key] = within.get(key, 0) + count
    return [each for pair in sorted(within.items()) for each in pair]


def percentile_ms(counts, share):
    """Nearest rank; None where nothing was timed.

    :param counts: a dictionary of counts
    :param share: 0 to 1
    """
    from math import ceil

    left = max(1, ceil(share * sum(counts.values())))
    for bucket in sorted(counts):
        left -= counts[bucket]
        if left <= 0:
            octave, within = divmod(bucket, buckets_per_octave)
            return 2**octave * (1 + (within + 0.5) / buckets_per_octave) / 1e6
    return None
