import { Worker } from 'node:worker_threads'
import { type MachineReading, providerName } from './provider.ts'
import type { LabToSampler, RawSample, SamplerToLab } from './sampler-messages.ts'

export { providerName } from './provider.ts'
export type { RawSample } from './sampler-messages.ts'

/** Nobody waits longer for the sampler: it may hang on a system that does not answer. */
const patienceMs = 2000

/** The app's side of the sampler, which works in a thread of its own. One for a run. */
export class Sampler {
  readonly #thread: Worker
  readonly #ready = Promise.withResolvers<void>()
  /** What each ticket waits for; null is the answer of a sampler that gives none. */
  readonly #waiting = new Map<number, (reading: MachineReading | null) => void>()
  #tickets = 0
  #isGone = false
  #listener: (sample: RawSample) => void = () => {}

  constructor(program: string) {
    this.#thread = new Worker(program, { workerData: providerName() })
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
        case 'sample':
          return this.#listener(message.sample)
        case 'marked':
          return this.#answer(message.ticket, message.reading)
        case 'met':
          return this.#answer(message.ticket, null)
      }
    })
  }

  /** Whether it has ended before it was closed. */
  get isGone(): boolean {
    return this.#isGone
  }

  /** Resolves when it reads. */
  ready(): Promise<void> {
    return this.#ready.promise
  }

  /** Begins to sample the machine and the tree below a process. */
  watch(root: number, intervalMs: number, listener: (sample: RawSample) => void): void {
    this.#listener = listener
    this.#tell({ type: 'watch', root, intervalMs })
  }

  /** From here on a tree that is dear to read may be read, as often as its budget allows. */
  workBegins(): void {
    this.#tell({ type: 'work-begins' })
  }

  /** Reads the tree once more; resolves when that is done and it may be taken down. */
  async workEnds(): Promise<void> {
    await this.#ask('work-ends')
  }

  /** A reading of this instant, apart from the samples; null where the sampler gives none. */
  mark(): Promise<MachineReading | null> {
    return this.#ask('mark')
  }

  /** Stops sampling; resolves when all samples taken have been heard. */
  async rest(): Promise<void> {
    await this.#ask('rest')
    this.#listener = () => {}
  }

  async close(): Promise<void> {
    await this.#thread.terminate()
  }

  #ask(type: 'mark' | 'work-ends' | 'rest'): Promise<MachineReading | null> {
    if (this.#isGone) return Promise.resolve(null)
    const ticket = this.#tickets++
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#answer(ticket, null), patienceMs)
      this.#waiting.set(ticket, (reading) => {
        clearTimeout(timer)
        resolve(reading)
      })
      this.#tell({ type, ticket })
    })
  }

  #answer(ticket: number, reading: MachineReading | null): void {
    this.#waiting.get(ticket)?.(reading)
    this.#waiting.delete(ticket)
  }

  #tell(message: LabToSampler): void {
    this.#thread.postMessage(message)
  }
}
