/** Something that can be drawn anew. */
export interface Panel {
  draw(): void
}

/**
 * Draws panels when they have changed, one a frame: a frame that draws everything at once would be a
 * long one. The one that has waited longest comes first.
 */
export class Painter {
  readonly #waiting = new Set<Panel>()
  #frame = 0

  invalidate(panel: Panel): void {
    this.#waiting.add(panel)
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint())
  }

  forget(panel: Panel): void {
    this.#waiting.delete(panel)
  }

  #paint(): void {
    this.#frame = 0
    const [panel] = this.#waiting
    if (panel === undefined) return
    this.#waiting.delete(panel)
    panel.draw()
    if (this.#waiting.size > 0) this.#frame = requestAnimationFrame(() => this.#paint())
  }
}
