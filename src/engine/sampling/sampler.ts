import { Worker } from 'node:worker_threads'
import type { SampleSeries, SampleStream } from '../../shared/model/sample.ts'
import type { Punctuality } from './pace.ts'
import type { ProviderName, WorkerThread } from './provider.ts'
import type {
  LabToSampler,
  Mark,
  RawSample,
  SamplerToLab,
  SentSample,
  Watched,
} from './sampler-messages.ts'

export type { Mark, RawSample } from './sampler-messages.ts'

/** Nobody waits longer for the sampler, in ms: it may hang on a system that does not answer. */
export const patienceMs = 2000

/** What the sampler answers a request with; null where it gives no answer. */
type Answer = Mark | null

/** The app's side of the sampler, which works in a thread of its own. One for a run. */
export class Sampler {
  readonly #thread: Worker
  readonly #ready = Promise.withResolvers<void>()
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #tickets = 0
  #isGone = false
  #cpuMs: number | null = null
  #watches = 0
  #counted: Punctuality | null = null
  readonly #series = new Map<SampleStream, readonly SampleSeries[]>()
  #listener: (samples: readonly RawSample[]) => void = () => {}

  constructor(program: string, provider: ProviderName) {
    this.#thread = new Worker(program, { workerData: provider })
    this.#ready.promise.catch(() => {})
    this.#thread.on('error', (error) => this.#ready.reject(error))
    this.#thread.on('exit', () => {
      this.#isGone = true
      this.#ready.reject(new Error('the sampler has ended'))
      for (const resume of this.#waiting.values()) resume(null)
    })
    this.#thread.on('message', (message: SamplerToLab) => {
      switch (message.type) {
        case 'ready':
          return this.#ready.resolve()
        case 'samples': {
          this.#cpuMs = message.samplerCpuMs
          const samples = message.samples.map((sent) => this.#received(sent))
          // Of a trial that nobody has waited for any longer they are none of the next.
          if (message.of === this.#watches) this.#listener(samples)
          return
        }
        case 'counted':
          this.#counted = message.punctuality
          return
        case 'marked':
          return this.#answer(message.ticket, message.mark)
        case 'met':
          return this.#answer(message.ticket, null)
      }
    })
  }

  /** Whether it has ended before it was closed. */
  get isGone(): boolean {
    return this.#isGone
  }

  /** CPU time of its thread, in ms, as last told; null where the runtime does not tell. */
  get cpuMs(): number | null {
    return this.#cpuMs
  }

  /** Resolves when it reads. */
  ready(): Promise<void> {
    return this.#ready.promise
  }

  /** Begins to sample the machine and the tree below a process. */
  watch(watched: Watched, listener: (samples: readonly RawSample[]) => void): void {
    this.#listener = listener
    this.#watches++
    this.#tell({ type: 'watch', ...watched })
  }

  /** The workers are there, and these are their threads. */
  follow(workers: readonly (WorkerThread | null)[]): void {
    this.#tell({ type: 'follow', workers })
  }

  /** Reads the memory of the whole tree; resolves when that is done and the trial may go on. */
  async look(): Promise<void> {
    await this.#ask('look')
  }

  /** From here on what is dear to read may be read, as often as its budget allows. */
  workBegins(): void {
    this.#tell({ type: 'work-begins' })
  }

  /**
   * Reads tree and memory once more; resolves when that is done and they may be taken down.
   *
   * @returns how well the pace was kept in the work window; null where the sampler gives no answer
   */
  async workEnds(): Promise<Punctuality | null> {
    this.#counted = null
    await this.#ask('work-ends')
    // It is known before what takes long, which nobody may have waited for.
    return this.#counted
  }

  /** A reading of this instant, apart from the samples; null where the sampler gives none. */
  async mark(): Promise<Mark | null> {
    return (await this.#ask('mark')) as Mark | null
  }

  /** Stops sampling; resolves when all samples taken have been heard. */
  async rest(): Promise<void> {
    await this.#ask('rest')
    this.#listener = () => {}
  }

  async close(): Promise<void> {
    await this.#thread.terminate()
  }

  #received(sent: SentSample): RawSample {
    if (sent.series !== null) this.#series.set(sent.stream, sent.series)
    return { ...sent, series: this.#series.get(sent.stream) ?? [] }
  }

  #ask(type: 'look' | 'mark' | 'work-ends' | 'rest'): Promise<Answer> {
    if (this.#isGone) return Promise.resolve(null)
    const ticket = this.#tickets++
    return new Promise((resolve) => {
      // Who asks may have been held up: what has come meanwhile is heard first.
      const giveUp = () => void setImmediate(() => this.#answer(ticket, null))
      const timer = setTimeout(giveUp, patienceMs)
      this.#waiting.set(ticket, (answer) => {
        clearTimeout(timer)
        resolve(answer)
      })
      this.#tell({ type, ticket })
    })
  }

  #answer(ticket: number, answer: Answer): void {
    this.#waiting.get(ticket)?.(answer)
    this.#waiting.delete(ticket)
  }

  #tell(message: LabToSampler): void {
    this.#thread.postMessage(message)
  }
}
