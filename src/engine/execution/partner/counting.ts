import { monotonicMs } from '../../clock.ts'
import type { Part } from './part.ts'

export type CountingHow = 'plain' | 'atomics' | 'lock' | 'own counter' | 'message'

export interface CountingData {
  readonly how: CountingHow
  readonly updates: number
  /** The counter and its lock, a word each; null where nothing is shared. */
  readonly shared: SharedArrayBuffer | null
}

/** What a counter has told at its end: when it began and ended, and how far it came on its own. */
export interface Counted {
  readonly from: number
  readonly to: number
  readonly own: number
}

/** Counts up to a number, on a counter of all or on its own. */
const counting: Part = (channel) => {
  const { how, updates, shared } = channel.data as CountingData
  const words = new Int32Array(shared ?? new ArrayBuffer(8))
  channel.receive((message) => {
    if (message !== 'go') return
    const from = monotonicMs()
    const own = count[how](words, updates, () => channel.send(1))
    channel.send({ from, to: monotonicMs(), own } satisfies Counted)
  })
  channel.send('ready')
}

export default counting

type Counting = (words: Int32Array, updates: number, tell: () => void) => number

/** Each a loop of its own, so that the engine compiles each for itself. */
const count: Readonly<Record<CountingHow, Counting>> = {
  plain(words, updates) {
    for (let update = 0; update < updates; update++) {
      words[0] = (words[0] as number) + 1
    }
    return 0
  },
  atomics(words, updates) {
    for (let update = 0; update < updates; update++) Atomics.add(words, 0, 1)
    return 0
  },
  lock(words, updates) {
    for (let update = 0; update < updates; update++) {
      acquire(words)
      words[0] = (words[0] as number) + 1
      release(words)
    }
    return 0
  },
  'own counter'(words, updates) {
    for (let update = 0; update < updates; update++) {
      words[0] = (words[0] as number) + 1
    }
    return words[0] as number
  },
  message(_, updates, tell) {
    for (let update = 0; update < updates; update++) tell()
    return 0
  },
}

/*
 * A lock of three states (0 free, 1 held, 2 held and waited for), as U. Drepper, "Futexes Are Tricky"
 * (2011), mutex 2: who releases wakes somebody only where somebody waits.
 */
const lockAt = 1

function acquire(words: Int32Array): void {
  if (Atomics.compareExchange(words, lockAt, 0, 1) === 0) return
  while (Atomics.exchange(words, lockAt, 2) !== 0) Atomics.wait(words, lockAt, 2)
}

function release(words: Int32Array): void {
  if (Atomics.exchange(words, lockAt, 0) === 2) Atomics.notify(words, lockAt, 1)
}
