import { setTimeout } from 'node:timers/promises'
import { modelTraits } from '../../../shared/model/execution-model.ts'
import { isModulePath } from '../../../shared/model/workload.ts'
import { monotonicMs } from '../../clock.ts'
import { OwnFailure } from '../own/failure.ts'
import type {
  Assignment,
  BatchAnswer,
  CrewReport,
  HostToWorker,
  HostWorker,
  TrialSpec,
  WorkerIdentity,
  WorkerReport,
  WorkerSummary,
  WorkerToHost,
} from '../protocol.ts'
import { gather } from './gathering.ts'
import { inline } from './inline.ts'
import type { ExecutionModel, WorkerHandle } from './model.ts'
import { processes } from './processes.ts'
import { makeSharedData } from './shared-data.ts'
import { threads } from './threads.ts'

const executionModels: Readonly<Partial<Record<TrialSpec['model'], ExecutionModel>>> = {
  inline,
  threads,
  processes,
}

/** A worker that has not gone this long after it was asked to is ended. */
const politeMs = 1000
/** How long the workers have to tell of their single tasks; that of one that does not is not known. */
const tellingMs = 5000
/** Workers that are not ready after this long never will be: 30 s, and half a second for each. */
const spawnDeadlineMs = (workers: number) => 30_000 + 500 * workers

interface Member {
  handle: WorkerHandle
  processId: number
  threadId: number
  osThreadId: number | null
  startCalledAt: number
  readyAt: number
  endCalledAt: number
  exitedAt: number
  report: WorkerReport | null
  summary: WorkerSummary | null
  spans: string | null
}

/**
 * The workers of a trial, from the first start to the last exit. Each step rejects, in words, where a
 * worker fails or ends before its time.
 */
export class Crew {
  /** A worker asks for its next dynamic tasks; with null it has not had any. */
  onAnswer: (worker: number, answer: BatchAnswer | null) => void = () => {}
  /** A worker has told what it has done so far. */
  onProgress: (worker: number) => void = () => {}

  readonly #spec: TrialSpec
  readonly #members: Member[] = []
  readonly #broken = Promise.withResolvers<never>()
  readonly #ready
  readonly #prepared
  readonly #done
  readonly #told
  readonly #exited
  #isEnding = false

  constructor(spec: TrialSpec) {
    this.#spec = spec
    const { promise } = this.#broken
    promise.catch(() => {})
    this.#ready = gather(spec.workers, promise)
    this.#prepared = gather(spec.workers, promise)
    this.#done = gather(spec.workers, promise)
    this.#told = gather(spec.workers, promise)
    this.#exited = gather(spec.workers, promise)
  }

  /** Never resolves; rejects when a worker fails. */
  get broken(): Promise<never> {
    return this.#broken.promise
  }

  get report(): CrewReport {
    const reports = this.#members.map(({ report }) => report)
    return {
      at: reports.map((each) => each?.at ?? null),
      tasks: reports.map((each) => each?.tasks ?? 0),
      cpuMs: reports.map((each) => each?.cpuMs ?? 0),
      rssBytes: reports.map((each) => each?.rssBytes ?? null),
      heapUsedBytes: reports.map((each) => each?.heapUsedBytes ?? null),
      isDone: this.#members.map(({ summary }) => summary !== null),
    }
  }

  get identities(): readonly WorkerIdentity[] {
    return this.#members.map(({ processId, threadId, osThreadId }) => ({
      processId,
      threadId,
      osThreadId,
    }))
  }

  /** Starts all workers at once; resolves when the last is ready. */
  async spawn(program: string): Promise<void> {
    const model = executionModels[this.#spec.model]
    if (model === undefined) throw new Error(`Node has no model ${this.#spec.model}`)
    const clones = isModulePath(this.#spec.workload)
    for (let worker = 0; worker < this.#spec.workers; worker++) {
      const member = newMember()
      this.#members.push(member)
      const listener = {
        message: (message: WorkerToHost) => this.#hear(worker, message),
        exited: (how: string | null) => this.#lose(worker, how),
      }
      member.handle = model.start(program, listener, { clones })
    }
    const inTime = new AbortController()
    const { workers } = this.#spec
    const tooLate = setTimeout(spawnDeadlineMs(workers), null, { signal: inTime.signal }).then(
      () => {
        const missing = this.#members.filter(({ readyAt }) => readyAt === 0).length
        throw new Error(`${missing} of ${workers} workers did not get ready in time`)
      },
      () => new Promise<never>(() => {}),
    )
    await Promise.race([this.#ready.all, tooLate])
    inTime.abort()
  }

  /** Has each worker load its workload and make its data. */
  async prepare(): Promise<void> {
    const sharedData = await makeSharedData(this.#spec)
    for (let worker = 0; worker < this.#members.length; worker++) {
      this.send(worker, { type: 'prepare', worker, spec: this.#spec, sharedData })
    }
    await this.#prepared.all
  }

  /** Lets all workers go, one right after the other. */
  release(
    assignmentOf: (worker: number) => Assignment,
    inputsOf: ((assignment: Assignment) => readonly unknown[]) | null = null,
  ): void {
    for (let worker = 0; worker < this.#members.length; worker++) {
      const assignment = assignmentOf(worker)
      this.send(
        worker,
        inputsOf === null
          ? { type: 'go', assignment }
          : { type: 'go', assignment, inputs: inputsOf(assignment) },
      )
      if (assignment.how === 'dynamic') this.onAnswer(worker, null)
    }
  }

  /** Resolves when the last worker has done its last task. */
  get done(): Promise<void> {
    return this.#done.all
  }

  /** Has every step reject: something has failed beside the workers. */
  fail(error: Error): void {
    this.#broken.reject(error)
  }

  /** Has the workers tell when their tasks began and ended: after what is measured, before they end. */
  async askForSpans(): Promise<void> {
    for (let worker = 0; worker < this.#members.length; worker++) {
      this.send(worker, { type: 'tell-spans' })
    }
    const inTime = new AbortController()
    const tooLate = setTimeout(tellingMs, undefined, { signal: inTime.signal }).catch(() => {})
    await Promise.race([this.#told.all, tooLate])
    inTime.abort()
  }

  /** Ends all workers: asks first, and after a second asks no more. */
  async tearDown(): Promise<HostWorker[]> {
    this.#isEnding = true
    this.#members.forEach((member, worker) => {
      member.endCalledAt = monotonicMs()
      this.send(worker, { type: 'exit' })
    })
    const impolite = globalThis.setTimeout(() => {
      for (const { handle, exitedAt } of this.#members) if (exitedAt === 0) handle.kill()
    }, politeMs)
    await this.#exited.all
    clearTimeout(impolite)
    return this.#members.map(({ handle: _, report: __, summary, ...times }) => {
      if (summary === null) throw new Error('a worker ended without a summary')
      return { ...times, summary }
    })
  }

  send(worker: number, message: HostToWorker): void {
    this.#members[worker]?.handle.send(message)
  }

  #hear(worker: number, message: WorkerToHost): void {
    // The user's own code may have found a thread's port, and say what it likes.
    if (typeof message !== 'object' || message === null) return
    const member = this.#members[worker] as Member
    switch (message.type) {
      case 'ready':
        member.readyAt = monotonicMs()
        member.processId = message.processId
        member.threadId = message.threadId
        member.osThreadId = message.osThreadId
        this.#ready.arrive()
        return
      case 'prepared':
        this.#prepared.arrive()
        return
      case 'answer':
        this.onAnswer(worker, message)
        return
      case 'progress':
        member.report = message
        this.onProgress(worker)
        return
      case 'output':
        if (message.wantsReceipt) this.send(worker, { type: 'received' })
        return
      case 'exchange':
        this.send(worker, { type: 'exchanged', payload: message.payload })
        return
      case 'done':
        member.summary = message.summary
        this.#done.arrive()
        return
      case 'spans':
        if (member.spans !== null) return
        member.spans = message.spans
        this.#told.arrive()
        return
      case 'failed': {
        const where = message.task === null ? '' : ` in task ${message.task}`
        this.#break(worker, `failed${where}: ${message.message}`, message.frames)
      }
    }
  }

  #lose(worker: number, how: string | null): void {
    const member = this.#members[worker] as Member
    member.exitedAt = monotonicMs()
    if (this.#isEnding) this.#exited.arrive()
    else this.#break(worker, `ended before its time: ${how ?? 'exit code 0'}`)
  }

  #break(worker: number, what: string, frames: readonly string[] = []): void {
    const { startsWorkers, separateProcesses } = modelTraits[this.#spec.model]
    const { processId, threadId } = this.#members[worker] as Member
    const id = separateProcesses ? `process ${processId}` : `thread ${threadId}`
    const name = startsWorkers ? `worker ${worker} (${id})` : 'the host'
    this.#broken.reject(new OwnFailure(`${name} ${what}`, frames))
  }
}

function newMember(): Member {
  return {
    // Inline, the worker speaks before `start` has returned; nothing is sent to it until then.
    handle: { send: () => {}, kill: () => {} },
    processId: 0,
    threadId: 0,
    osThreadId: null,
    startCalledAt: monotonicMs(),
    readyAt: 0,
    endCalledAt: 0,
    exitedAt: 0,
    report: null,
    summary: null,
    spans: null,
  }
}
