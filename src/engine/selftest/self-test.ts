import { LabError } from '../../shared/model/problem.ts'
import type { RunEvent } from '../../shared/model/progress.ts'
import type { Run } from '../../shared/model/run.ts'
import type { SelfTestOptions, SelfTestPart, SelfTestReport } from '../../shared/model/self-test.ts'
import type { RunSession } from '../session/run-session.ts'
import { caution, recordedPart, simulatedPart, usualComparisons } from './judgement.ts'
import { memoryParts, memoryRun } from './memory.ts'
import type { RunToMake } from './run-to-make.ts'
import { roundsOf, speedFigures, speedRun } from './speed.ts'

export interface SelfTestListener {
  /** First of all: about how long it takes. */
  begins(time_ms: number): void
  /** What is done next, in words. */
  stage(what: string): void
  /** What its runs tell, one after the other. */
  hear(event: RunEvent): void
}

export interface SelfTestNeeds extends SelfTestListener {
  readonly options: SelfTestOptions
  /** Simulated of each kind; default 500. */
  readonly comparisons?: number
  /** @throws LabError where the run cannot be started */
  start(
    run: RunToMake,
    announce: (event: RunEvent) => void,
  ): Promise<Pick<RunSession, 'id' | 'finished' | 'stop'>>
}

/** What one short trial takes in all, and one simulated comparison, in ms: as seen here. */
const trialMs = 620
const comparisonMs = 8

/** How long the self-test takes, in ms. */
function expectedTime(options: SelfTestOptions, comparisons: number): number {
  const trials = [speedRun(options), memoryRun()].reduce(
    (sum, wanted) => sum + wanted.configurations.length * wanted.trials,
    0,
  )
  return trials * trialMs + 2 * speedFigures.length * comparisons * comparisonMs
}

/**
 * The lab put to the test: work of which it is known beforehand how it differs, measured as every run
 * is, and judged by the same procedure.
 */
export class SelfTest {
  /** @throws LabError (by rejecting) where nothing can be run; else what goes wrong is in the report */
  readonly finished: Promise<SelfTestReport>

  readonly #needs: SelfTestNeeds
  readonly #stopping = new AbortController()
  readonly #runs: Run[] = []
  #stopRun: () => void = () => {}

  constructor(needs: SelfTestNeeds) {
    this.#needs = needs
    this.finished = this.#execute()
  }

  /** Ends it now; what was measured is kept. */
  stop(): void {
    this.#stopping.abort(stoppedByUser)
    this.#stopRun()
  }

  async #execute(): Promise<SelfTestReport> {
    const { options, comparisons = usualComparisons, begins, stage } = this.#needs
    const { signal } = this.#stopping
    const parts: SelfTestPart[] = []
    let reason: string | null = null
    begins(expectedTime(options, comparisons))
    try {
      stage(`speed: ${options.trials} rounds of A, A again, and B with more work`)
      const speed = await this.#run(speedRun(options))
      const judged = speedFigures.flatMap((figure) => {
        const rounds = roundsOf(speed, figure)
        return (['a-a', 'a-b'] as const).map((contest) => ({ ...options, figure, contest, rounds }))
      })
      stage(`speed: ${judged.length * comparisons} comparisons, drawn from the rounds`)
      for (const each of judged) {
        parts.push(recordedPart(each), await simulatedPart(each, { comparisons, signal }))
      }
      stage('memory: workers that hold a known amount')
      parts.push(...memoryParts(await this.#run(memoryRun())))
    } catch (error) {
      const isTold = error instanceof Broken || (error instanceof LabError && this.#runs.length > 0)
      if (!isTold && !signal.aborted) throw error
      reason = signal.aborted ? stoppedByUser : (error as Error).message
    }
    const status = signal.aborted ? 'interrupted' : reason === null ? 'done' : 'failed'
    return {
      status,
      reason,
      passed: status === 'done' && parts.every(({ ok }) => ok !== false),
      options,
      runs: this.#runs.map(({ id }) => id),
      parts,
      caution,
      warnings: warningsOf(this.#runs),
    }
  }

  /** @throws Broken where it did not come to its end; it is among the runs all the same */
  async #run(wanted: RunToMake): Promise<Run> {
    const started = await this.#needs.start(wanted, (event) => this.#needs.hear(event))
    this.#stopRun = () => started.stop()
    if (this.#stopping.signal.aborted) started.stop()
    const { run, storageFailure } = await started.finished
    this.#runs.push(run)
    if (run.status === 'done' && storageFailure === null) return run
    throw new Broken(
      `the run for ${wanted.what} ${run.status}: ${storageFailure?.message ?? run.reason}`,
    )
  }
}

/** The first of each kind: the configurations of a run go by the same name here. */
function warningsOf(runs: readonly Run[]): string[] {
  const all = runs.flatMap(({ warnings }) => warnings)
  return [...Map.groupBy(all, ({ code }) => code).values()].flatMap(
    ([first]) => first?.message ?? [],
  )
}

/** A run that says nothing. */
class Broken extends Error {}

const stoppedByUser = 'stopped by the user'
