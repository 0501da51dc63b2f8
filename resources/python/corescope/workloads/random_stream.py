"""The numbers of `src/shared/random.ts`: xorshift32, its state spread from the seed by MurmurHash3's finalizer."""

_all = 0xFFFFFFFF
# A lane below is a number of the stream; what is shifted must not reach into the lane beside it.
_stays_left_13 = _all << 13 & _all
_stays_right_17 = _all >> 17
_stays_left_5 = _all << 5 & _all


def random_bytes(size, seed):
    """`size` bytes, the low byte of each number of the stream: the same for the same seed, in Node too.

    A step is linear over the bits of the state (G. Marsaglia, "Xorshift RNGs", 2003), so that one can jump
    ahead: many stretches of the stream are made side by side, each a lane of one large integer. Number by
    number it would take Python some ten times as long.
    """
    stretch = 1
    jump = [_step(1 << bit, 1) for bit in range(32)]
    while stretch * stretch < size:
        stretch *= 2
        jump = [_jumped(column, jump) for column in jump]
    lanes = -(-size // stretch)
    starts, state = [], _spread(seed)
    for _ in range(lanes):
        starts.append(state)
        state = _jumped(state, jump)
    states = int.from_bytes(b''.join(start.to_bytes(4, 'little') for start in starts), 'little')
    each = int.from_bytes(b'\1\0\0\0' * lanes, 'little')
    made = bytearray(stretch * lanes)
    for at in range(stretch):
        states = _step(states, each)
        # Little-endian: the low byte of a lane is its first.
        made[at::stretch] = states.to_bytes(4 * lanes, 'little')[::4]
    return bytes(made[:size])


def _step(states, each):
    """
    :param each: a 1 in every lane
    """
    states ^= states << 13 & _stays_left_13 * each
    states ^= states >> 17 & _stays_right_17 * each
    return states ^ states << 5 & _stays_left_5 * each


def _jumped(state, jump):
    """The state after as many steps as the columns of the matrix stand for."""
    after = bit = 0
    while state:
        if state & 1:
            after ^= jump[bit]
        state >>= 1
        bit += 1
    return after


def _spread(seed):
    state = seed & _all
    state = (state ^ state >> 16) * 0x85EBCA6B & _all
    state = (state ^ state >> 13) * 0xC2B2AE35 & _all
    return (state ^ state >> 16) or 0x9E3779B9
