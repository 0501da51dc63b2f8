/**
 * A stream of pseudo-random 32-bit numbers, the same for the same seed everywhere: xorshift32
 * (G. Marsaglia, "Xorshift RNGs", 2003, triple 13/17/5), its state spread from the seed by the
 * finalizer of MurmurHash3, since xorshift starts poorly from small states and not at all from 0.
 */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  state = (state ^ (state >>> 16)) >>> 0 || 0x9e3779b9
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state
  }
}

/** A copy of the list in a random order (Fisher–Yates), decided by `next`. */
export function shuffled<T>(list: readonly T[], next: () => number): T[] {
  const result = [...list]
  for (let last = result.length - 1; last > 0; last--) {
    const other = next() % (last + 1)
    const held = result[last] as T
    result[last] = result[other] as T
    result[other] = held
  }
  return result
}
