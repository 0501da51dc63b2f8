/**
 * How much of a work window so many cores were in use, against how many could be: the workers, or the
 * cores where there are fewer. The classes are those of Intel VTune's "Effective CPU Utilization
 * Histogram": poor up to a half of what could be, ok up to 85 %, ideal above. Idle and over are given
 * some room, since what is compared is a mean over an interval: the runtime's own threads take some
 * per cent beside a worker's.
 */
export interface Utilization {
  /** Shares of the time, 0–1; together 1. */
  readonly idle: number
  readonly poor: number
  readonly ok: number
  readonly ideal: number
  readonly over: number
}

/** Upper end of each class but the last, as a share of what could be in use. */
const classes = [
  ['idle', 0.02],
  ['poor', 0.5],
  ['ok', 0.85],
  ['ideal', 1.1],
  ['over', Number.POSITIVE_INFINITY],
] as const

/** Counts the time in each class. */
export class UtilizationMeter {
  readonly #target: number
  readonly #time: Record<keyof Utilization, number> = { idle: 0, poor: 0, ok: 0, ideal: 0, over: 0 }
  #total = 0

  /** @param target cores that could be in use */
  constructor(target: number) {
    this.#target = target
  }

  /** @param cores in use over an interval of so many ms */
  add(cores: number, ms: number): void {
    const share = cores / this.#target
    const [name] = classes.find(([, end]) => share <= end) ?? ['over']
    this.#time[name] += ms
    this.#total += ms
  }

  /** Null where there was no interval. */
  get utilization(): Utilization | null {
    if (this.#total === 0) return null
    const { idle, poor, ok, ideal, over } = this.#time
    const of = (ms: number) => ms / this.#total
    return { idle: of(idle), poor: of(poor), ok: of(ok), ideal: of(ideal), over: of(over) }
  }
}
