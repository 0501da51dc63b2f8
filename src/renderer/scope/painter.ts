/** Something that can be drawn anew. */
export interface Panel {
  draw(): void
}

/**
 * Draws panels when they have changed: one a frame, since a frame that draws everything would be a
 * long one, and the one that has waited longest comes first. What the user waits for is drawn at once.
 */
export class Painter {
  readonly #waiting = new Set<Panel>()
  readonly #urgent = new Set<Panel>()
  #frame = 0

  /** @param isUrgent the user has asked for it: all such are drawn in the next frame */
  invalidate(panel: Panel, isUrgent: boolean): void {
    this.#waiting.add(panel)
    if (isUrgent) this.#urgent.add(panel)
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint())
  }

  forget(panel: Panel): void {
    this.#waiting.delete(panel)
    this.#urgent.delete(panel)
  }

  #paint(): void {
    this.#frame = 0
    const [next] = this.#waiting
    if (next !== undefined) this.#urgent.add(next)
    for (const panel of this.#urgent) {
      this.#waiting.delete(panel)
      panel.draw()
    }
    this.#urgent.clear()
    if (this.#waiting.size > 0) this.#frame = requestAnimationFrame(() => this.#paint())
  }
}
