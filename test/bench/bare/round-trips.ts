/*
 * What the bare scripts of the transports have in common: they are told the payload's length, and say how
 * long it took there and back, in ms: the median over 100 ms, after 40 ms that do not count.
 */

export const size = Number(process.argv[2])

export async function timeRoundTrips(trip: () => unknown): Promise<void> {
  const times: number[] = []
  for (const ms of [40, 100]) {
    times.length = 0
    const begun = performance.now()
    while (performance.now() - begun < ms || times.length < 3) {
      const from = performance.now()
      await trip()
      times.push(performance.now() - from)
    }
  }
  times.sort((a, b) => a - b)
  console.log(times[times.length >> 1])
  process.exit()
}
