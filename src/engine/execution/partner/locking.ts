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
 * for, each counted from 1, so that 0 is nobody; and one that stays 0, to sleep on.
 */
export function layoutOf({ locks, workers }: Pick<LockingData, 'locks' | 'workers'>) {
  return {
    holder: (lock: number) => lock,
    wanted: (worker: number) => locks + worker,
    pause: locks + workers,
    words: locks + workers + 1,
  }
}

/**
 * How long a worker holds its first lock before it asks for the second, the first time: so that what
 * happens once in a blue moon happens at once.
 */
const holdMs = 20

/** Takes several locks one after the other, and gives them back, round after round. */
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
  const { holder, wanted, pause } = layoutOf(data)
  const { worker, order, rounds } = data
  for (let round = 0; round < rounds; round++) {
    order.forEach((lock, place) => {
      Atomics.store(words, wanted(worker), lock + 1)
      for (;;) {
        const before = Atomics.compareExchange(words, holder(lock), 0, worker + 1)
        if (before === 0) break
        Atomics.wait(words, holder(lock), before)
      }
      Atomics.store(words, wanted(worker), 0)
      // Nobody wakes it: it sleeps.
      if (round === 0 && place === 0) Atomics.wait(words, pause, 0, holdMs)
    })
    for (const lock of order) {
      Atomics.store(words, holder(lock), 0)
      Atomics.notify(words, holder(lock))
    }
  }
}

function withAskedLocks({ order, rounds }: LockingData, channel: PartChannel): void {
  const ask = (request: LockRequest) => channel.send(request)
  let [round, place] = [0, 0]
  const take = () => ask({ type: 'acquire', lock: order[place] as number })
  channel.receive((message) => {
    if (message === 'go') return take()
    // Granted.
    if (++place < order.length) {
      if (round === 0 && place === 1) setTimeout(take, holdMs)
      else take()
      return
    }
    for (const lock of order) ask({ type: 'release', lock })
    place = 0
    if (++round < rounds) take()
    else ask({ type: 'done' })
  })
}
