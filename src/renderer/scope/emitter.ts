/** Those who want to hear of something. */
export class Emitter<T = void> {
  readonly #listeners = new Set<(value: T) => void>()

  /** Whether anybody listens. */
  get isHeard(): boolean {
    return this.#listeners.size > 0
  }

  /** @returns undoes it */
  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(value: T): void {
    for (const listener of this.#listeners) listener(value)
  }
}

/** For what must not be lost: what is told while nobody listens waits for the first who does. */
export class PatientEmitter<T> extends Emitter<T> {
  readonly #waiting: T[] = []

  override on(listener: (value: T) => void): () => void {
    const undo = super.on(listener)
    for (const value of this.#waiting.splice(0)) listener(value)
    return undo
  }

  override tell(value: T): void {
    if (this.isHeard) super.tell(value)
    else this.#waiting.push(value)
  }
}
