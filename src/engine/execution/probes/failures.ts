import { setTimeout } from 'node:timers/promises'
import type { Observations } from '../../../shared/model/experiment.ts'
import type { Failure } from '../../../shared/model/failure.ts'
import { monotonicMs } from '../../clock.ts'
import { culprit, type VictimData } from '../partner/victim.ts'
import { type Leak, leakOf } from './leak.ts'
import type { Probe } from './probe.ts'
import { VictimHost } from './victim-host.ts'

const MiB = 2 ** 20

/** Heap after which a worker is out of memory: little, so that neither time nor the machine is strained. */
const heapLimitMb = 32

/** The longest that a victim may take for any step; one that takes longer hangs. */
const stepMs = 30_000

/** How long memory is watched before a leak and at its height, and after its end at the least. */
const restMs = 150
const afterMs = 500
/** Between two looks whether it has been given back. */
const lookMs = 50

/** One worker of a program fails, and it is seen from outside what becomes of it and of all around it. */
const failures: Probe = {
  async observe({ model, workers, variant, parameters, folder, partnerProgram, begin }) {
    const failure = variant as Failure
    const deadlineMs = Number(parameters.deadline_ms)
    const limit = `--max-old-space-size=${heapLimitMb}`
    const isBounded =
      failure === 'out of memory, no own limit' || failure === 'out of memory, at once'
    const nodeArguments = isBounded ? [limit] : []
    const data: VictimData = {
      program: partnerProgram,
      model: model === 'threads' ? 'threads' : 'processes',
      workers,
      failure,
      leakBytes: Number(parameters.leak_mb) * MiB,
      deadlineMs,
      ownLimitMb: failure === 'out of memory, own limit' ? heapLimitMb : null,
      nodeArguments,
    }
    const hosts: VictimHost[] = []
    const startHost = async () => {
      const host = new VictimHost(data, folder, nodeArguments)
      hosts.push(host)
      const early = host.exited.then((how) => {
        throw new Error(`the victim ended before it was told to fail: ${how ?? 'exit code 0'}`)
      })
      const ready = await inTime(
        'the start of the victim',
        Promise.race([host.hears('ready'), early]),
      )
      return { host, ready }
    }
    try {
      const { host } = await startHost()
      if (failure === 'leak') await setTimeout(restMs)
      begin()
      const toldAt = monotonicMs()
      host.send('fail')
      if (failure === 'leak') {
        await inTime('the leak', host.hears('leaked'))
        await setTimeout(restMs)
        host.send('recycle')
      }
      const death = host.exited.then((how) => ({ how, at: monotonicMs() }))
      const what = await inTime('what follows a failure', Promise.race([death, host.hears('roll')]))
      if (!('how' in what)) {
        const leak =
          failure === 'leak'
            ? await watchLeak(host, toldAt, Number(parameters.watch_s) * 1000)
            : null
        return survived(host, toldAt, {
          siblings: workers - 1,
          siblingsAlive: what.siblingsAlive,
          leak,
        })
      }
      const { ready } = await startHost()
      // Heard of by now, where it was told at all.
      const failedAt = host.told('failing').at(-1)?.at ?? toldAt
      return {
        ...nothingOfLeak,
        worker_outcome: 'died with the program',
        siblings: workers - 1,
        // Processes outlive it by the moment in which they find their channel closed.
        siblings_alive: model === 'threads' ? 0 : null,
        siblings_outcome: model === 'threads' ? 'died' : 'lost their program',
        host_survived: false,
        host_outcome: `died: ${what.how ?? 'exit code 0'}`,
        noticed_ms: what.at - failedAt,
        end_ms: null,
        recovery_ms: ready.at - failedAt,
      }
    } finally {
      await Promise.all(hosts.map((host) => host.kill()))
    }
  },
}

export default failures

function survived(
  host: VictimHost,
  toldAt: number,
  {
    siblings,
    siblingsAlive,
    leak,
  }: {
    readonly siblings: number
    readonly siblingsAlive: number
    readonly leak: Leak | null
  },
): Observations {
  const ended = host.told('ended').find(({ worker }) => worker === culprit)
  const replaced = host.told('replaced').find(({ worker }) => worker === culprit)
  if (ended === undefined || replaced === undefined) throw new Error('another worker has ended')
  const { how, calledAt } = ended
  const [silent] = host.told('silent')
  // A leak fails nobody by itself: its worker is ended for it.
  const failedAt =
    leak !== null ? (calledAt ?? ended.at) : (host.told('failing').at(-1)?.at ?? toldAt)
  return {
    ...(leak ?? nothingOfLeak),
    worker_outcome: calledAt === null ? `ended: ${how ?? 'exit code 0'}` : 'ended from outside',
    siblings,
    siblings_alive: siblingsAlive,
    siblings_outcome:
      siblingsAlive === siblings ? 'went on' : `${siblingsAlive} of ${siblings} went on`,
    host_survived: true,
    host_outcome: 'survived',
    noticed_ms: leak !== null ? null : (silent?.at ?? ended.at) - failedAt,
    end_ms: calledAt === null ? null : ended.at - calledAt,
    recovery_ms: replaced.at - failedAt,
  }
}

/** Watches the memory of a program whose leaking worker has been replaced, until it is given back. */
async function watchLeak(host: VictimHost, toldAt: number, watchMs: number): Promise<Leak> {
  const endedAt = host.told('ended').find(({ worker }) => worker === culprit)?.calledAt ?? toldAt
  await setTimeout(afterMs)
  for (;;) {
    const leak = leakOf(host.told('memory'), toldAt, endedAt)
    const isOver = monotonicMs() - endedAt > watchMs
    if (leak !== null && (leak.given_back_ms !== null || isOver)) return leak
    if (isOver) throw new Error('the memory of the victim could not be read')
    await setTimeout(lookMs)
  }
}

const nothingOfLeak = {
  before_bytes: null,
  peak_bytes: null,
  after_bytes: null,
  grown_in_host_bytes: null,
  grown_in_worker_bytes: null,
  given_back_bytes: null,
  given_back_ms: null,
}

/** @throws Error where it takes longer than a victim may */
async function inTime<T>(what: string, promise: Promise<T>): Promise<T> {
  const timer = new AbortController()
  const late = setTimeout(stepMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`${what} took more than ${stepMs / 1000} s`)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    late.catch(() => {})
    timer.abort()
  }
}
