import type { ExportListener } from '../engine/lab.ts'
import type { ExportProgress } from '../shared/contract.ts'

/** A file that is being written. */
export interface RunningExport {
  /** To be handed to the lab. */
  readonly listener: ExportListener & { readonly signal: AbortSignal }
  end(how: Exclude<ExportProgress['state'], 'running'>): void
}

/** The files that are being written: told of, and ended where somebody wants that. */
export class Exports {
  readonly #tell: (progress: ExportProgress) => void
  readonly #running = new Map<number, AbortController>()
  #lastId = 0

  constructor(tell: (progress: ExportProgress) => void) {
    this.#tell = tell
  }

  /** @param name of the file */
  begin(name: string): RunningExport {
    const exportId = ++this.#lastId
    const given = new AbortController()
    this.#running.set(exportId, given)
    // Of one that is written at once nobody need hear.
    let isTold = false
    return {
      listener: {
        signal: given.signal,
        progress: (share) => {
          isTold = true
          this.#tell({ exportId, name, share, state: 'running' })
        },
      },
      end: (state) => {
        this.#running.delete(exportId)
        if (isTold) this.#tell({ exportId, name, share: state === 'done' ? 1 : null, state })
      },
    }
  }

  /** @returns false where it has ended */
  cancel(exportId: number): boolean {
    const given = this.#running.get(exportId)
    given?.abort()
    return given !== undefined
  }

  cancelAll(): void {
    for (const given of this.#running.values()) given.abort()
  }
}
