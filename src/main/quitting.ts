import { app, powerMonitor } from 'electron'

export interface QuittingParts {
  isRunning(): boolean
  /** Whether the user would rather have the run stopped. */
  askToStop(): Promise<boolean>
  /** Stops what is going on, and closes what is open. */
  close(): Promise<void>
}

/** How the app ends: whatever asks it to, what is going on is stopped first, and the user is asked. */
export class Quitting {
  readonly #parts: QuittingParts
  #state: 'staying' | 'asking' | 'closing' | 'closed' = 'staying'

  constructor(parts: QuittingParts) {
    this.#parts = parts
    app.on('before-quit', (event) => {
      if (this.#state === 'closed') return
      event.preventDefault()
      void this.#quit()
    })
    // Nobody can be asked any more: the machine goes down, or the terminal that started us is gone.
    powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
      event?.preventDefault()
      void this.now()
    })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => void this.now())
    }
    // `npm start` is to be gone with its terminal, even when it was killed.
    if (process.env.CORESCOPE_LAUNCHER === '1') process.on('disconnect', () => void this.now())
  }

  /** Whether it is too late to change one's mind. */
  get isLeaving(): boolean {
    return this.#state === 'closing' || this.#state === 'closed'
  }

  /** Without asking. */
  async now(): Promise<void> {
    if (this.isLeaving) return
    this.#state = 'closing'
    try {
      await this.#parts.close()
    } finally {
      this.#state = 'closed'
      app.quit()
    }
  }

  async #quit(): Promise<void> {
    if (this.#state !== 'staying') return
    if (this.#parts.isRunning()) {
      this.#state = 'asking'
      const isWanted = await this.#parts.askToStop()
      // Meanwhile the machine may have gone down.
      if (this.#state === 'asking') this.#state = 'staying'
      if (!isWanted) return
    }
    await this.now()
  }
}
