import { isMainThread, threadId } from 'node:worker_threads'
import { isModulePath } from '../../../shared/model/workload.ts'
import { monotonicMs } from '../../clock.ts'
import { loadWorkload } from '../../workloads/catalogue.ts'
import type { Kernel } from '../../workloads/workload.ts'
import { batchMs } from '../dispatch.ts'
import { OwnFailure } from '../own/failure.ts'
import type { Assignment, Batch, HostToWorker, TrialSpec, WorkerToHost } from '../protocol.ts'
import {
  ownCpuMs,
  ownHeapUsedBytes,
  ownOsThreadId,
  ownRssBytes,
  processSwitches,
} from './own-usage.ts'
import { RoundTrips } from './round-trips.ts'
import { spansKept, TaskSpansRecorder } from './task-spans.ts'
import { TaskTimesRecorder } from './task-times.ts'

/** What carries messages: a process's channel, a thread's port, or a function call. */
export interface WorkerChannel {
  send(message: WorkerToHost): void
  receive(listener: (message: HostToWorker) => void): void
  /** Ends the worker. */
  exit(): void
}

/** The one worker program. It is the same under every model; only the channel differs. */
export function startWorker(channel: WorkerChannel): void {
  let spec: TrialSpec | undefined
  let kernel: Kernel | undefined
  let work: Work | undefined
  const roundTrips = new RoundTrips(channel)

  const fail = (error: unknown) => {
    const current = work?.current ?? null
    if (error instanceof OwnFailure) {
      const { message, frames, task } = error
      return channel.send({ type: 'failed', message, task: task ?? current, frames })
    }
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    channel.send({ type: 'failed', message, task: current })
  }

  const handle = async (message: HostToWorker): Promise<void> => {
    switch (message.type) {
      case 'prepare': {
        spec = message.spec
        const { worker } = message
        if (isModulePath(spec.workload)) {
          const { prepareOwn } = await import('../own/kernel.ts')
          kernel = await prepareOwn(spec, worker, channel.send, fail)
        } else {
          const { parameters, seed, folder, serverPort } = spec
          const workload = await loadWorkload(spec.workload)
          const sharedData =
            message.sharedData ?? workload.shared?.make(parameters, seed, worker) ?? null
          const { exchange } = roundTrips
          const context = { seed, worker, folder, serverPort, sharedData, exchange }
          kernel = await workload.prepare(parameters, context)
        }
        channel.send({ type: 'prepared' })
        return
      }
      case 'go':
        if (spec === undefined || kernel === undefined) throw new Error('not prepared')
        if (message.inputs !== undefined) kernel.take?.(message.inputs)
        work = new Work(spec, kernel, channel)
        return work.start(message.assignment)
      case 'tasks':
        if (message.inputs !== undefined) kernel?.take?.(message.inputs)
        return work?.doBatch(message)
      case 'received':
        return kernel?.received?.()
      case 'exchanged':
        return roundTrips.answered(message.payload)
      case 'no-more-tasks':
        return work?.finish()
      case 'tell-spans':
        return channel.send({ type: 'spans', spans: work?.spans ?? '' })
      case 'exit':
        await kernel?.close?.()
        channel.exit()
    }
  }

  channel.receive((message) => {
    handle(message).catch(fail)
  })
  channel.send({
    type: 'ready',
    processId: process.pid,
    threadId: isMainThread ? 0 : threadId,
    osThreadId: ownOsThreadId(),
  })
}

/** The work window as one worker sees it: does tasks, times each, checks each, reports between two. */
class Work {
  current: number | null = null

  readonly #kernel: Kernel
  readonly #channel: WorkerChannel
  readonly #expected: readonly number[] | null
  readonly #intervalMs: number
  readonly #times = new TaskTimesRecorder()
  readonly #spans: TaskSpansRecorder
  #tasks = 0
  #indexSum = 0
  #wrong = 0
  #firstWrong: { index: number; found: number } | null = null
  #busyMs = 0
  readonly #startedAt: number
  readonly #cpuAtStart: number
  readonly #switchesAtStart = processSwitches()
  #lastEndedAt: number
  #nextReportAt: number

  constructor(spec: TrialSpec, kernel: Kernel, channel: WorkerChannel) {
    this.#kernel = kernel
    this.#channel = channel
    this.#expected = spec.expected
    this.#intervalMs = spec.intervalMs
    this.#spans = new TaskSpansRecorder(spansKept(spec.workers))
    this.#startedAt = monotonicMs()
    this.#cpuAtStart = ownCpuMs()
    this.#lastEndedAt = this.#startedAt
    this.#nextReportAt = this.#startedAt
  }

  async start(assignment: Assignment): Promise<void> {
    if (assignment.how === 'range') {
      for (let index = assignment.from; index < assignment.to; index++) {
        // Waiting for what is no promise would cost more than a small task does.
        const pending = this.#do(index)
        if (pending !== undefined) await pending
        const room = this.#kernel.room?.()
        if (room !== undefined) await room
      }
    } else if (assignment.how === 'until') {
      const until = this.#startedAt + assignment.durationMs
      for (let index = assignment.first; this.#lastEndedAt < until; index += assignment.step) {
        const pending = this.#do(index)
        if (pending !== undefined) await pending
        const room = this.#kernel.room?.()
        if (room !== undefined) await room
      }
    } else {
      return
    }
    this.finish()
  }

  /** Does a batch, and leaves its rest to others where it takes too long. */
  async doBatch({ from, to }: Batch): Promise<void> {
    const checksums: number[] = []
    const until = monotonicMs() + batchMs
    this.#longestMs = 0
    for (let index = from; index < to; index++) {
      const pending = this.#do(index)
      checksums.push(pending === undefined ? this.#lastChecksum : await pending)
      if (this.#lastEndedAt >= until) break
    }
    const answer = { type: 'answer', checksums, longestMs: this.#longestMs } as const
    if (this.#kernel.answer === undefined) this.#channel.send(answer)
    else this.#kernel.answer(answer)
  }

  finish(): void {
    const cpuMs = ownCpuMs() - this.#cpuAtStart
    const switches = processSwitches()
    this.#report()
    this.#channel.send({
      type: 'done',
      summary: {
        startedAt: this.#startedAt,
        endedAt: this.#lastEndedAt,
        tasks: this.#tasks,
        indexSum: this.#indexSum,
        wrong: this.#wrong,
        firstWrong: this.#firstWrong,
        busyMs: this.#busyMs,
        cpuMs,
        voluntarySwitches: switches.voluntary - this.#switchesAtStart.voluntary,
        involuntarySwitches: switches.involuntary - this.#switchesAtStart.involuntary,
        rssBytes: ownRssBytes(),
        heapUsedBytes: ownHeapUsedBytes(),
        times: this.#times.taken(),
      },
    })
  }

  /** When its tasks began and ended, or some of them. */
  get spans(): string {
    return this.#spans.taken()
  }

  #lastChecksum = 0
  #longestMs = 0

  /** Does a task; returns a promise of its checksum only where the kernel waits. */
  #do(index: number): Promise<number> | undefined {
    this.current = index
    const start = monotonicMs()
    const outcome = this.#kernel.task(index)
    if (typeof outcome === 'number') {
      this.#account(index, outcome, start)
      return undefined
    }
    return outcome.then((checksum) => {
      this.#account(index, checksum, start)
      return checksum
    })
  }

  #account(index: number, checksum: number, start: number): void {
    const end = monotonicMs()
    this.current = null
    this.#lastChecksum = checksum
    this.#lastEndedAt = end
    this.#tasks++
    this.#indexSum += index
    this.#busyMs += end - start
    this.#times.record(end - start)
    this.#spans.record(start, end)
    if (end - start > this.#longestMs) this.#longestMs = end - start
    if (!this.#isRight(index, checksum)) {
      this.#wrong++
      this.#firstWrong ??= { index, found: checksum }
    }
    if (end >= this.#nextReportAt) {
      this.#nextReportAt = end + this.#intervalMs
      this.#report()
    }
  }

  #isRight(index: number, checksum: number): boolean {
    if (this.#expected !== null) return checksum === this.#expected[index % this.#expected.length]
    return this.#kernel.verify?.(index, checksum) ?? false
  }

  #report(): void {
    this.#channel.send({
      type: 'progress',
      // To the microsecond: the message has no use for more digits.
      at: Math.round(monotonicMs() * 1000) / 1000,
      tasks: this.#tasks,
      cpuMs: ownCpuMs(),
      rssBytes: ownRssBytes(),
      heapUsedBytes: ownHeapUsedBytes(),
    })
  }
}
