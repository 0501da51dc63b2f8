import { Worker } from 'node:worker_threads'
import type { MachineReading } from './provider.ts'
import type { LabToSampler, RawSample, SamplerToLab } from './sampler-messages.ts'

export type { RawSample } from './sampler-messages.ts'

/** The app's side of the sampler, which works in a thread of its own. One for a run. */
export class Sampler {
  readonly #thread: Worker
  readonly #ready: Promise<string>
  /** What each ticket waits for; null is the answer of a sampler that is gone. */
  readonly #waiting = new Map<number, (reading: MachineReading | null) => void>()
  #tickets = 0
  #isGone = false
  #listener: (sample: RawSample) => void = () => {}

  constructor(program: string) {
    this.#thread = new Worker(program)
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    this.#ready = promise
    promise.catch(() => {})
    this.#thread.on('error', reject)
    this.#thread.on('exit', () => {
      this.#isGone = true
      reject(new Error('the sampler has ended'))
      for (const resume of this.#waiting.values()) resume(null)
    })
    this.#thread.on('message', (message: SamplerToLab) => {
      switch (message.type) {
        case 'ready':
          return resolve(message.provider)
        case 'sample':
          return this.#listener(message.sample)
        case 'marked':
          return this.#answer(message.ticket, message.reading)
        case 'met':
          return this.#answer(message.ticket, null)
      }
    })
  }

  /** The provider's name, once it reads. */
  ready(): Promise<string> {
    return this.#ready
  }

  /** Begins to sample the machine and the tree below a process. */
  watch(root: number, intervalMs: number, listener: (sample: RawSample) => void): void {
    this.#listener = listener
    this.#tell({ type: 'watch', root, intervalMs })
  }

  /** From here on processes may be listed, as often as that is cheap. */
  workBegins(): void {
    this.#tell({ type: 'work-begins' })
  }

  /** Lists the tree once more; resolves when that is done and it may be taken down. */
  async workEnds(): Promise<void> {
    await this.#ask('work-ends')
  }

  /** A reading of this instant, apart from the samples; null where the sampler is gone. */
  mark(): Promise<MachineReading | null> {
    return this.#ask('mark')
  }

  /** Stops sampling; resolves when all samples taken have been heard. */
  async rest(): Promise<void> {
    await this.#ask('rest')
  }

  async close(): Promise<void> {
    await this.#thread.terminate()
  }

  #ask(type: 'mark' | 'work-ends' | 'rest'): Promise<MachineReading | null> {
    if (this.#isGone) return Promise.resolve(null)
    const ticket = this.#tickets++
    return new Promise((resolve) => {
      this.#waiting.set(ticket, resolve)
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
