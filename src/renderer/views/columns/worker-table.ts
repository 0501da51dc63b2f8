import { formatBytes, formatPercent } from '../../../shared/format.ts'
import { modelTraits } from '../../../shared/model/execution-model.ts'
import type { Configuration } from '../../../shared/model/run.ts'
import type { Scope } from '../../scope/scope.ts'
import { type ShownTrial, type WorkerRow, workersAt } from '../../scope/shown-trial.ts'

/** Least time between two writings: numbers that change faster cannot be read. */
const paceMs = 400

/** What the workers of a configuration are, as far as the table tells of them in other words. */
export interface WorkerKind {
  /** Of one process, told apart by their threads. */
  readonly isThread: boolean
  readonly isNode: boolean
}

export interface WorkerColumn {
  readonly name: string
  readonly title: (kind: WorkerKind) => string
  readonly about?: string
  /** Left out where it says nothing of any worker. */
  readonly isOptional?: boolean
  readonly text: (row: WorkerRow, index: number, kind: WorkerKind) => string | null
  /** Why nothing is told of such workers; undefined where it is. */
  readonly whyNone?: (kind: WorkerKind) => string | undefined
  /** What a reader knows without it. */
  readonly saysNothing?: (row: WorkerRow) => boolean
}

const count = (value: number | null) =>
  value === null ? null : Math.round(value).toLocaleString('en-US')
const bytes = (value: number | null) => (value === null ? null : formatBytes(value))

export const workerColumns: readonly WorkerColumn[] = [
  { name: 'worker', title: () => 'Worker', text: (_, index) => String(index) },
  {
    name: 'pid',
    title: ({ isThread }) => (isThread ? 'PID / thread' : 'PID'),
    text: ({ processId, threadId }, _, { isThread }) =>
      processId === null ? null : isThread ? `${processId} / ${threadId}` : String(processId),
  },
  {
    name: 'state',
    title: () => 'State',
    isOptional: true,
    text: ({ state }) => state,
    saysNothing: ({ state }) => state === 'done' || state === 'ended',
  },
  { name: 'tasks', title: () => 'Tasks', text: ({ tasks }) => count(tasks) },
  {
    name: 'cpu',
    title: () => 'CPU',
    about: 'of one core',
    text: ({ cpuShare }) => (cpuShare === null ? null : formatPercent(cpuShare)),
  },
  {
    name: 'core',
    title: () => 'Core',
    about: 'the core it was last seen on',
    isOptional: true,
    text: ({ lastCore }) => count(lastCore),
  },
  {
    name: 'memory',
    title: ({ isThread, isNode }) => (isThread ? (isNode ? 'JS heap' : 'Heap') : 'RSS'),
    whyNone: ({ isThread, isNode }) =>
      isThread && !isNode
        ? 'Python does not tell what a thread has on the heap: all of its process share one'
        : undefined,
    text: ({ memoryBytes }) => bytes(memoryBytes),
  },
  {
    name: 'pss',
    title: () => 'PSS',
    about: 'of its process, pages that it shares split among those that share them',
    isOptional: true,
    text: ({ pssBytes }) => bytes(pssBytes),
  },
  {
    name: 'switches',
    title: () => 'Switches',
    about: 'context switches in the work window, voluntary and involuntary',
    isOptional: true,
    text: ({ switches }) => count(switches),
  },
  {
    name: 'migrations',
    title: () => 'Migrations',
    about: 'times it was seen on another core than before, at least',
    isOptional: true,
    text: ({ migrations }) => count(migrations),
  },
]

export function workerKind({
  model,
  runtime,
}: Pick<Configuration, 'model' | 'runtime'>): WorkerKind {
  return { isThread: !modelTraits[model].separateProcesses, isNode: runtime === 'node' }
}

const ofNode: WorkerKind = { isThread: false, isNode: true }

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
    const kind = trial === null ? ofNode : workerKind(trial.configuration)
    this.#fit(rows.length)
    const known = new Set<string>()
    rows.forEach((row, index) => {
      const cells = this.#cells[index] as Text[]
      workerColumns.forEach(({ name, text, saysNothing, whyNone }, column) => {
        const cell = cells[column] as Text
        const words = text(row, index, kind)
        if (whyNone !== undefined && cell.parentElement !== null) {
          cell.parentElement.title = words === null ? (whyNone(kind) ?? '') : ''
        }
        if (words !== null && saysNothing?.(row) !== true) known.add(name)
        if (cell.data !== (words ?? '–')) cell.data = words ?? '–'
      })
    })
    this.#showKnown(known)
  }

  /** The style sheet leaves out the columns of which nothing is known. */
  #showKnown(known: ReadonlySet<string>): void {
    const table = this.#body.parentElement
    if (table === null) return
    const names = workerColumns.flatMap(({ name, isOptional }) =>
      isOptional === true && known.has(name) ? [name] : [],
    )
    const text = names.join(' ')
    if (table.dataset.known !== text) table.dataset.known = text
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
      const cells = workerColumns.map(({ name }, column) => {
        const cell = document.createElement(column === 0 ? 'th' : 'td')
        if (column === 0) cell.scope = 'row'
        cell.dataset.column = name
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
