import type { Part, PartChannel } from './part.ts'

export interface LockingData {
  /** The worker's number, from 0. */
  readonly worker: number
  /** The locks it takes, in its order. */
  readonly order: readonly number[]
  /** Times it takes and gives back both. */
  readonly rounds: number
  /** A word for each lock, and one for each worker (`layoutOf`); null where nothing is shared. */
  readonly shared: SharedArrayBuffer | null
  readonly locks: number
  readonly workers: number
}

/** What a worker without shared memory asks of who keeps the locks. */
export type LockRequest =
  | { readonly type: 'acquire'; readonly lock: number }
  | { readonly type: 'release'; readonly lock: number }
  | { readonly type: 'done' }

/**
 * Where what stands in the shared words: of each lock who holds it, of each worker which lock it waits
 * for, each counted from 1, so that 0 is nobody; and how many have begun.
 */
export function layoutOf({ locks, workers }: Pick<LockingData, 'locks' | 'workers'>) {
  return {
    holder: (lock: number) => lock,
    wanted: (worker: number) => locks + worker,
    begun: locks + workers,
    words: locks + workers + 1,
  }
}

/**
 * Takes several locks one after the other, and gives them back, round after round. The first time it asks
 * for its second when all have asked for their first: so that what happens once in a blue moon happens at
 * once, however late one of them comes.
 */
const locking: Part = (channel) => {
  const data = channel.data as LockingData
  if (data.shared !== null) {
    channel.receive(() => {
      withSharedLocks(data, data.shared as SharedArrayBuffer)
      channel.send({ type: 'done' } satisfies LockRequest)
    })
  } else withAskedLocks(data, channel)
  channel.send('ready')
}

export default locking

function withSharedLocks(data: LockingData, shared: SharedArrayBuffer): void {
  const words = new Int32Array(shared)
  const { holder, wanted, begun } = layoutOf(data)
  const { worker, order, rounds, workers } = data
  for (let round = 0; round < rounds; round++) {
    order.forEach((lock, place) => {
      const isFirst = round === 0 && place === 0
      const take = () => Atomics.compareExchange(words, holder(lock), 0, worker + 1)
      Atomics.store(words, wanted(worker), lock + 1)
      let before = take()
      if (isFirst) {
        Atomics.add(words, begun, 1)
        Atomics.notify(words, begun)
      }
      while (before !== 0) {
        Atomics.wait(words, holder(lock), before)
        before = take()
      }
      Atomics.store(words, wanted(worker), 0)
      if (isFirst) awaitCount(words, begun, workers)
    })
    for (const lock of order) {
      Atomics.store(words, holder(lock), 0)
      Atomics.notify(words, holder(lock))
    }
  }
}

/** Waits until a word that only grows has come to a count. */
function awaitCount(words: Int32Array, at: number, count: number): void {
  let seen = Atomics.load(words, at)
  while (seen < count) {
    Atomics.wait(words, at, seen)
    seen = Atomics.load(words, at)
  }
}

/** Who keeps the locks sees to it that all have asked for their first. */
function withAskedLocks({ order, rounds }: LockingData, channel: PartChannel): void {
  const ask = (request: LockRequest) => channel.send(request)
  let [round, place] = [0, 0]
  const take = () => ask({ type: 'acquire', lock: order[place] as number })
  channel.receive((message) => {
    if (message === 'go') return take()
    // Granted.
    if (++place < order.length) return take()
    for (const lock of order) ask({ type: 'release', lock })
    place = 0
    if (++round < rounds) take()
    else ask({ type: 'done' })
  })
}
