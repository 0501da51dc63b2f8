import type {
  ExportProgress,
  LabDescription,
  LabEvent,
  MenuCommand,
} from '../../shared/contract.ts'
import { LiveRun } from '../../shared/live-run.ts'
import { LabError } from '../../shared/model/problem.ts'
import { timeLeft } from '../../shared/time-left.ts'
import type { LabConnection, LinkState } from '../connection/lab-connection.ts'
import { Emitter, PatientEmitter } from '../scope/emitter.ts'

/** What the views are made from. Made anew where it changes; live readings do not change it. */
export interface LabState {
  readonly link: LinkState
  /** Null until the lab has answered. */
  readonly description: LabDescription | null
  /** Why it has not. */
  readonly problem: LabError | null
  /** The run that is going on, or went on last; changes within, told by a new state. */
  readonly live: LiveRun | null
  readonly isRunning: boolean
  /** Counts up where saved runs have come, gone or changed. */
  readonly runsVersion: number
}

/** Slots of a live timeline: 13 minutes at ten readings a second, and then half as fine. */
const liveSlots = 8192

/** What the screen knows of the lab. */
export class LabStore {
  readonly connection: LabConnection
  /** Live readings, at most ten a second: for what is drawn, not for what is rendered. */
  readonly readings = new Emitter()
  // These may come before the views that take them are there.
  readonly commands = new PatientEmitter<MenuCommand>()
  readonly plans = new PatientEmitter<unknown>()
  readonly problems = new PatientEmitter<string>()
  /** Files that are being written. */
  readonly exports = new Emitter<ExportProgress>()
  readonly #changed = new Emitter()
  #left = timeLeft(() => performance.now())
  #state: LabState = {
    link: 'connecting',
    description: null,
    problem: null,
    live: null,
    isRunning: false,
    runsVersion: 0,
  }

  constructor(connection: LabConnection) {
    this.connection = connection
    connection.onEvent((event) => this.#hear(event))
    connection.onLink((link) => {
      this.#set({ link })
      if (link === 'open') void this.describe()
    })
  }

  get state(): LabState {
    return this.#state
  }

  /** ms until the run ends; null where nothing is known. */
  timeLeftMs(): number | null {
    return this.#left.ms()
  }

  /** @returns undoes it */
  subscribe(listener: () => void): () => void {
    return this.#changed.on(listener)
  }

  /** Asks the lab who it is, once it can be reached; again where that has failed. */
  async describe(): Promise<void> {
    if (this.#state.description !== null) return
    try {
      const description = await this.connection.call('describe', {})
      this.#set({ description, problem: null })
    } catch (error) {
      this.#set({ problem: asLabError(error) })
    }
  }

  #hear(event: LabEvent): void {
    switch (event.type) {
      case 'present': {
        const live = event.run === null ? null : LiveRun.from(event.run, liveSlots)
        this.#left = timeLeft(() => performance.now())
        if (event.run !== null) {
          this.#left.hear({ ...event.run, type: 'run-started' })
          this.#left.resume(event.run.ended.count)
        }
        this.#set({ live, isRunning: live !== null && live.run === null })
        return
      }
      case 'run': {
        const { live } = this.#state
        if (live === null) return
        live.hear(event.event)
        this.#left.hear(event.event)
        if (event.event.type === 'live') this.readings.tell()
        else this.#set({ isRunning: live.run === null })
        return
      }
      case 'runs-changed':
        this.#set({ runsVersion: this.#state.runsVersion + 1 })
        return
      case 'problem':
        this.problems.tell(event.error.message)
        return
      case 'export-progress':
        this.exports.tell(event.progress)
        return
      case 'command':
        // What is started is what is seen: not what will be there when the views are.
        if (event.command !== 'start' || this.commands.isHeard) this.commands.tell(event.command)
        return
      case 'plan-opened':
        this.plans.tell(event.plan)
    }
  }

  #set(change: Partial<LabState>): void {
    this.#state = { ...this.#state, ...change }
    this.#changed.tell()
  }
}

export function asLabError(error: unknown): LabError {
  if (error instanceof LabError) return error
  return new LabError('internal', error instanceof Error ? error.message : String(error))
}
