import { setTimeout } from 'node:timers/promises'
import { monotonicMs } from '../../clock.ts'
import { type LockingData, type LockRequest, layoutOf } from '../partner/locking.ts'
import { type Partner, startPartner } from '../partner/partner.ts'
import type { Probe } from './probe.ts'
import { circleIn } from './wait-for-graph.ts'

/** How often it is looked who waits for whom, in ms. */
const lookEveryMs = 5

/** Each worker takes two locks of a ring, in orders that lead into a deadlock or cannot. */
const deadlock: Probe = {
  async observe({ model, workers, variant, parameters, partnerProgram, begin }) {
    const shared = model === 'threads' ? sharedLocks(workers) : null
    const partners = Array.from({ length: workers }, (_, worker) => {
      const ring = [worker, (worker + 1) % workers]
      const order = variant === 'same order' ? ring.sort((a, b) => a - b) : ring
      const rounds = Number(parameters.rounds)
      const buffer = shared?.buffer ?? null
      const data: LockingData = { worker, order, rounds, shared: buffer, locks: workers, workers }
      const kind = model === 'threads' ? 'threads' : 'processes'
      return startPartner(kind, { program: partnerProgram, part: 'locking', data })
    })
    await Promise.all(partners.map((partner) => partner.next()))
    const keeper = shared ?? askedLocks(partners)
    let isEnding = false
    const done = partners.map(
      (partner, worker) =>
        new Promise<void>((resolve, reject) => {
          // Nobody gives back the locks of one that is gone: it would look like patience.
          void partner.exited.then((how) => {
            if (isEnding) return
            reject(new Error(`worker ${worker} ended before its time: ${how ?? 'exit code 0'}`))
          })
          partner.receive((message) => {
            const request = message as LockRequest
            if (request.type === 'done') resolve()
            else keeper.hear(worker, request)
          })
        }),
    )
    begin()
    const from = monotonicMs()
    for (const partner of partners) partner.send('go')
    let isOver = false
    const all = Promise.all(done).then(() => {
      isOver = true
    })
    // It may fail while nobody awaits it; the next look is told.
    all.catch(() => {})
    let circle: number[] | null = null
    while (!isOver && circle === null) {
      await Promise.race([all, setTimeout(lookEveryMs)])
      // Seen twice: who was just about to take a lock has it by now.
      const seen = isOver ? null : circleIn(keeper.waitsFor())
      if (seen === null) continue
      await setTimeout(lookEveryMs)
      if (String(circleIn(keeper.waitsFor())) === String(seen)) circle = seen
    }
    const foundMs = monotonicMs() - from
    const waits = circle === null ? null : describe(circle, keeper)
    isEnding = true
    const ending = monotonicMs()
    await Promise.all(partners.map((partner) => partner.kill()))
    return {
      deadlock: circle !== null,
      finished: isOver,
      elapsed_ms: foundMs,
      found_ms: circle === null ? null : foundMs,
      ended_ms: monotonicMs() - ending,
      waits,
    }
  },
}

export default deadlock

/** Who holds which lock, and who waits for it. */
interface Keeper {
  hear(worker: number, request: Exclude<LockRequest, { type: 'done' }>): void
  /** By worker: the lock it waits for; null where it waits for none. */
  wanted(): readonly (number | null)[]
  /** By worker: who holds that lock. */
  waitsFor(): readonly (number | null)[]
}

function describe(circle: readonly number[], keeper: Keeper): string {
  const [wanted, holders] = [keeper.wanted(), keeper.waitsFor()]
  return circle
    .map((worker) => {
      const lock = wanted[worker] ?? 0
      return `worker ${worker} waits for lock ${nameOf(lock)}, which worker ${holders[worker]} holds`
    })
    .join('; ')
}

function nameOf(lock: number): string {
  return lock < 26 ? String.fromCharCode(65 + lock) : String(lock)
}

/** Locks in shared memory, whose words are read. */
function sharedLocks(workers: number): Keeper & { readonly buffer: SharedArrayBuffer } {
  const layout = layoutOf({ locks: workers, workers })
  const buffer = new SharedArrayBuffer(layout.words * Int32Array.BYTES_PER_ELEMENT)
  const words = new Int32Array(buffer)
  const read = (at: number) => Atomics.load(words, at) - 1
  const wanted = () =>
    Array.from({ length: workers }, (_, worker) => orNull(read(layout.wanted(worker))))
  return {
    buffer,
    hear: () => {},
    wanted,
    waitsFor: () =>
      wanted().map((lock, worker) => {
        const holder = lock === null ? null : orNull(read(layout.holder(lock)))
        // It has the lock, and is about to say that it waits no more.
        return holder === worker ? null : holder
      }),
  }
}

function orNull(number: number): number | null {
  return number < 0 ? null : number
}

/** Locks that processes ask for: kept here, given by a message. */
function askedLocks(partners: readonly Partner[]): Keeper {
  const holders = new Map<number, number>()
  const queue: { readonly worker: number; readonly lock: number }[] = []
  /** Who has asked, and what those who have asked twice wait with until all have. */
  const begun = new Set<number>()
  let early: (() => void)[] = []
  const give = (worker: number, lock: number) => {
    holders.set(lock, worker)
    partners[worker]?.send('granted')
  }
  const wanted = () =>
    partners.map((_, worker) => queue.find((each) => each.worker === worker)?.lock ?? null)
  const take = (worker: number, lock: number) => {
    if (holders.has(lock)) queue.push({ worker, lock })
    else give(worker, lock)
  }
  return {
    hear(worker, { type, lock }) {
      if (type === 'acquire') {
        const isEarly = begun.has(worker) && begun.size < partners.length
        if (isEarly) return void early.push(() => take(worker, lock))
        begun.add(worker)
        take(worker, lock)
        if (begun.size < partners.length) return
        for (const asked of early) asked()
        early = []
        return
      }
      holders.delete(lock)
      const next = queue.findIndex((each) => each.lock === lock)
      const [first] = next < 0 ? [] : queue.splice(next, 1)
      if (first !== undefined) give(first.worker, lock)
    },
    wanted,
    waitsFor: () => wanted().map((lock) => (lock === null ? null : (holders.get(lock) ?? null))),
  }
}
