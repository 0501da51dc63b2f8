import type { Watcher } from '../service/lab-service.ts'
import type { LabEvent } from '../shared/contract.ts'

/** The page as one who watches, over all its reloads and the windows it is shown in. */
export class PageWatcher implements Watcher {
  readonly #send: (event: LabEvent) => void
  readonly #waiting: LabEvent[] = []
  #isWatching = false

  constructor(send: (event: LabEvent) => void) {
    this.#send = send
  }

  tell(event: LabEvent): void {
    this.#send(event)
    // The first that one is told who has asked to watch.
    if (event.type !== 'present' || this.#isWatching) return
    this.#isWatching = true
    for (const waiting of this.#waiting.splice(0)) this.#send(waiting)
  }

  /** Tells what must not be lost, at once or when the page has loaded. */
  tellWhenWatching(event: LabEvent): void {
    if (this.#isWatching) this.#send(event)
    else this.#waiting.push(event)
  }

  /** The page has been left, or its window closed. */
  pageIsGone(): void {
    this.#isWatching = false
  }
}
