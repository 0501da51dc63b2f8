import {
  type FSWatcher,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

/** What a second start hands to the first. */
export interface Errand {
  readonly args: readonly string[]
  readonly folder: string
  readonly errand: unknown
}

/** One app for each folder of user data: the first holds a file, the others leave theirs beside it. */
export class InstanceLock {
  readonly #folder: string
  readonly #hear: (errand: Errand) => void
  #watcher: FSWatcher | null = null

  constructor(userData: string, hear: (errand: Errand) => void) {
    this.#folder = join(userData, 'instances')
    this.#hear = hear
  }

  get #file(): string {
    return join(this.#folder, 'first')
  }

  take(errand: Errand): boolean {
    mkdirSync(this.#folder, { recursive: true })
    const owner = this.#owner()
    if (owner !== null) {
      const path = join(this.#folder, `${process.pid}`)
      writeFileSync(`${path}.partial`, JSON.stringify(errand))
      renameSync(`${path}.partial`, `${path}.errand`)
      return false
    }
    writeFileSync(this.#file, String(process.pid))
    this.#watcher = watch(this.#folder, () => this.#readErrands())
    return true
  }

  release(): void {
    if (this.#watcher === null) return
    this.#watcher.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #readErrands(): void {
    for (const name of readdirSync(this.#folder)) {
      if (!name.endsWith('.errand')) continue
      const path = join(this.#folder, name)
      const errand = JSON.parse(readFileSync(path, 'utf8')) as Errand
      rmSync(path)
      this.#hear(errand)
    }
  }

  /** The process that holds the lock; null where there is none any more. */
  #owner(): number | null {
    try {
      const owner = Number(readFileSync(this.#file, 'utf8'))
      process.kill(owner, 0)
      return owner
    } catch {
      return null
    }
  }
}
