/** Those who want to hear of something. */
export class Emitter<T = void> {
  readonly #listeners = new Set<(value: T) => void>()

  /** @returns undoes it */
  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(value: T): void {
    for (const listener of this.#listeners) listener(value)
  }
}
