import { formatBytes, formatPercent } from '../../../shared/format.ts'
import { modelTraits } from '../../../shared/model/execution-model.ts'
import type { Scope } from '../../scope/scope.ts'
import { type ShownTrial, workersAt } from '../../scope/shown-trial.ts'

/** Least time between two writings: numbers that change faster cannot be read. */
const paceMs = 400

/** Writes the rows of a column's workers, in place: they change while a trial goes. */
export class WorkerTable {
  readonly #body: HTMLTableSectionElement
  readonly #scope: Scope
  readonly #trial: () => ShownTrial | null
  #cells: Text[][] = []
  #writtenAt = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(body: HTMLTableSectionElement, scope: Scope, trial: () => ShownTrial | null) {
    this.#body = body
    // It may have been another run's.
    body.replaceChildren()
    this.#scope = scope
    this.#trial = trial
  }

  /** Writes soon, at a pace that can be read. */
  update(): void {
    if (this.#timer !== undefined) return
    const wait = Math.max(0, this.#writtenAt + paceMs - performance.now())
    this.#timer = setTimeout(() => this.write(), wait)
  }

  write(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writtenAt = performance.now()
    const trial = this.#trial()
    const rows = trial === null ? [] : workersAt(trial, this.#cursor(trial))
    this.#fit(rows.length)
    rows.forEach((row, index) => {
      const { processId, threadId, state, tasks, cpuShare, memoryBytes } = row
      const isThread = trial !== null && !modelTraits[trial.configuration.model].separateProcesses
      const texts = [
        String(index),
        processId === null ? '–' : isThread ? `${processId} / ${threadId}` : String(processId),
        state ?? '–',
        tasks === null ? '–' : Math.round(tasks).toLocaleString('en-US'),
        cpuShare === null ? '–' : formatPercent(cpuShare),
        memoryBytes === null ? '–' : formatBytes(memoryBytes),
      ]
      const cells = this.#cells[index] as Text[]
      texts.forEach((text, column) => {
        const cell = cells[column] as Text
        if (cell.data !== text) cell.data = text
      })
    })
  }

  /** The time whose figures are shown; null for the latest. */
  #cursor(trial: ShownTrial): number | null {
    const end = this.#scope.shownAt(trial)
    return this.#scope.cursor ?? (Number.isFinite(end) ? end : null)
  }

  destroy(): void {
    clearTimeout(this.#timer)
  }

  #fit(rows: number): void {
    while (this.#cells.length > rows) {
      this.#cells.pop()
      this.#body.lastElementChild?.remove()
    }
    while (this.#cells.length < rows) {
      const row = document.createElement('tr')
      const cells = Array.from({ length: 6 }, (_, column) => {
        const cell = document.createElement(column === 0 ? 'th' : 'td')
        if (column === 0) cell.scope = 'row'
        const text = document.createTextNode('')
        cell.append(text)
        row.append(cell)
        return text
      })
      this.#cells.push(cells)
      this.#body.append(row)
    }
  }
}
