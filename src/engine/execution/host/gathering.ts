/** Waits until so many have arrived; fails with `broken`, which ends the waiting of all. */
export interface Gathering {
  arrive(): void
  readonly all: Promise<void>
}

export function gather(count: number, broken: Promise<never>): Gathering {
  let missing = count
  const { promise, resolve } = Promise.withResolvers<void>()
  const all = Promise.race([promise, broken])
  // Nobody may be waiting when it breaks.
  all.catch(() => {})
  return {
    arrive() {
      missing--
      if (missing === 0) resolve()
    },
    all,
  }
}
