import type { Readable } from 'node:stream'

/** What V8 says with a stack trace of its own, in a user's words. */
export const heapIsFull = 'out of memory, its JavaScript heap was full'

/** Listens for V8's last words: a heap that is full ends a process by a signal that says nothing of it. */
export class HeapEnd {
  #wasSeen = false
  #end = ''

  constructor(stream: Readable | null) {
    stream?.on('data', (part: string) => {
      if (this.#wasSeen) return
      const text = this.#end + part
      this.#wasSeen = /JavaScript heap out of memory|invalid array length Allocation failed/.test(
        text,
      )
      this.#end = text.slice(-100)
    })
  }

  get wasSeen(): boolean {
    return this.#wasSeen
  }

  /** A reason that tells of the ending alone, with its cause. */
  named(reason: string): string {
    return reason.replace(/(?:signal SIG(?:ABRT|TRAP|ILL)|exit code 134)$/, heapIsFull)
  }
}
