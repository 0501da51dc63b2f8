import { setImmediate } from 'node:timers/promises'
import { monotonicMs } from '../../clock.ts'
import { randomBuffer } from '../../workloads/random-buffer.ts'
import type { Transport } from '../partner/echoing.ts'
import { look } from '../partner/look.ts'
import type { Probe } from './probe.ts'
import { type Link, startLink } from './transport-links.ts'

/** Trips before those that count, until this time has gone by, and at least one. */
const warmUpMs = 40
/** Trips that count: until this time has gone by, but so many at the least and at the most. */
const measuredMs = 100
const fewestTrips = 3
const mostTrips = 20_000
/** Slow ones need not be as many: none is begun after this time. */
const longestMs = 1500
/** A trial that takes longer than this has failed. */
const patienceMs = 120_000

/** Bytes go to a partner and back, again and again, by the way that the variant names. */
const transports: Probe = {
  async observe({ variant, parameters, seed, folder, partnerProgram, begin }) {
    const size = Number(parameters.payload_bytes)
    const link = startLink(variant as Transport, {
      ...{ program: partnerProgram, folder, size, patienceMs },
    })
    const failed = Promise.withResolvers<never>()
    failed.promise.catch(() => {})
    void link.partner.exited.then((how) =>
      failed.reject(new Error(`the partner ended before its time: ${how ?? 'exit code 0'}`)),
    )
    const timer = setTimeout(
      () => failed.reject(new Error(`it was not done within ${patienceMs / 1000} s`)),
      patienceMs,
    )
    try {
      await Promise.race([link.partner.next(), failed.promise])
      const ball = new Ball(link, payloadOf(size, seed))
      await Promise.race([ball.play({ forMs: warmUpMs, least: 1, isWhole: true }), failed.promise])
      begin()
      // What it tells the lab is on its way before a transport that blocks begins.
      await setImmediate()
      const trips = await Promise.race([
        ball.play({ forMs: measuredMs, least: fewestTrips, isWhole: false }),
        failed.promise,
      ])
      return observationsOf(trips, size)
    } finally {
      clearTimeout(timer)
      await link.partner.kill()
    }
  },
}

export default transports

function observationsOf(trips: number[], size: number) {
  trips.sort((a, b) => a - b)
  const roundTripMs = rank(trips, 0.5)
  return {
    payload_bytes: size,
    round_trips: trips.length,
    round_trip_ms: roundTripMs,
    round_trip_p5_ms: rank(trips, 0.05),
    round_trip_p95_ms: rank(trips, 0.95),
    megabytes_per_s: (2 * size) / 1000 / roundTripMs,
  }
}

/** Linear between ranks, as all percentiles here. */
function rank(sorted: readonly number[], part: number): number {
  const at = part * (sorted.length - 1)
  const below = sorted[Math.floor(at)] as number
  return below + (at % 1) * ((sorted[Math.ceil(at)] as number) - below)
}

/** Bytes that are the same for the same seed; what repeats in them does so at no boundary of anything. */
function payloadOf(size: number, seed: number): Uint8Array {
  const pattern = randomBuffer(Math.min(size, 1_000_003), seed)
  // Memory of its own, which can be given away.
  const payload = Buffer.from(new ArrayBuffer(size))
  return size === 0 ? payload : payload.fill(pattern)
}

/** A payload that goes to and fro: what came back is what is sent next. */
class Ball {
  readonly #link: Link
  /** What it must look like; it never leaves this side. */
  readonly #original: Uint8Array
  #bytes: Uint8Array
  #trips = 0

  constructor(link: Link, original: Uint8Array) {
    this.#link = link
    this.#original = original
    this.#bytes = Buffer.from(new ArrayBuffer(original.length))
    this.#bytes.set(original)
  }

  /**
   * @param isWhole looks at every byte of the first answer
   * @returns the time of each trip, in ms
   * @throws Error where something else came back
   */
  async play(how: {
    readonly forMs: number
    readonly least: number
    readonly isWhole: boolean
  }): Promise<number[]> {
    const times: number[] = []
    const begun = monotonicMs()
    let spent = 0
    do {
      this.#original[0] = ++this.#trips
      this.#bytes[0] = this.#trips
      // What a partner writes into its first byte, and what is to be seen when it comes back.
      this.#original[0] = look(this.#original)
      const right = look(this.#original)

      const from = monotonicMs()
      const answered = this.#link.trip(this.#bytes)
      const answer = answered instanceof Promise ? await answered : answered
      const seen = look(answer)
      const to = monotonicMs()

      times.push(to - from)
      spent = to - begun
      if (answer.length !== this.#original.length || seen !== right) throw wrong
      if (how.isWhole && times.length === 1 && !same(answer, this.#original)) throw wrong
      this.#bytes = answer
    } while (
      times.length < mostTrips &&
      (spent < how.forMs || (times.length < how.least && spent < longestMs))
    )
    return times
  }
}

const wrong = new Error('what came back is not what was sent')

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
