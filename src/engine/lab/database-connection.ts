import { existsSync } from 'node:fs'
import type { Storage } from '../storage/storage.ts'

/**
 * The lab's connection to its database, opened when it is first needed: to read as long as that is
 * enough, to write from the first write on.
 */
export class DatabaseConnection {
  readonly path: string
  #storage: Promise<Storage> | undefined
  #openedFor: 'read' | 'write' = 'read'

  constructor(path: string) {
    this.path = path
  }

  /** @throws LabError `database` */
  async open(need: 'read' | 'write'): Promise<Storage> {
    if (need === 'write' && this.#openedFor === 'read') this.letGo()
    if (this.#storage === undefined) {
      this.#openedFor = need
      const opening = this.openAnother(need)
      this.#storage = opening
      // What has failed is tried again the next time: a lock may be gone by then.
      opening.catch(() => {
        if (this.#storage === opening) this.#storage = undefined
      })
    }
    const opening = this.#storage
    const storage = await opening
    // Made by another app since.
    if (storage.opened.isMissing && existsSync(storage.opened.path)) {
      if (this.#storage === opening) this.letGo()
      return this.open(need)
    }
    return storage
  }

  /** Does something with the database; its failures are told as ours. */
  async read<T>(work: (storage: Storage) => T): Promise<T> {
    return (await this.open('read')).within(work)
  }

  async write<T>(work: (storage: Storage) => T): Promise<T> {
    return (await this.open('write')).within(work)
  }

  /** A connection of one's own, to be closed by who asked for it: it is read from while others go on. */
  async openAnother(need: 'read' | 'write'): Promise<Storage> {
    const { Storage } = await import('../storage/storage.ts')
    return new Storage(this.path, need)
  }

  /** Closes what is open, once those who have been given it just now have used it. */
  letGo(): void {
    const letGo = this.#storage
    this.#storage = undefined
    letGo?.then(
      (storage) => setImmediate(() => storage.close()),
      () => {},
    )
  }

  async close(): Promise<void> {
    const storage = await this.#storage?.catch(() => undefined)
    this.#storage = undefined
    storage?.close()
  }
}
