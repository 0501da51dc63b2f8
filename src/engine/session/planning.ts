import type { Estimate } from '../../shared/contract.ts'
import type { Interpreter } from '../../shared/model/interpreter.ts'
import { type Plan, samplers } from '../../shared/model/plan.ts'
import { parsePlan } from '../../shared/model/plan-check.ts'
import { interpreterProblems, needsInterpreter } from '../../shared/model/plan-ways.ts'
import { LabError, type Problem, problemLine, shown } from '../../shared/model/problem.ts'
import { isModulePath, isPythonModule } from '../../shared/model/workload.ts'
import type { Programs } from '../execution/programs.ts'
import { describeExperiments, experimentOf } from '../experiments/catalogue.ts'
import { experimentProblems } from '../experiments/problems.ts'
import type { ResolvedInterpreters, WantedInterpreters } from '../interpreters/interpreters.ts'
import type { Machine } from '../sampling/this-machine.ts'
import { describeWorkloads } from '../workloads/catalogue.ts'
import { describeOwn } from '../workloads/own.ts'
import { configurationsOf } from './configurations.ts'
import { estimateTime, type KnownTrial } from './estimate.ts'
import { estimateMemory, estimateTasks, type Room, whyItDoesNotFit } from './guard.ts'
import { OwnModules } from './own-modules.ts'
import { type Work, workOf } from './work.ts'

/** The Pythons that a plan names, or the usual one. */
export type ResolveInterpreters = (plan: WantedInterpreters) => Promise<ResolvedInterpreters>

/** What a plan comes to on a machine, before anything of it is run. */
export class Planning {
  readonly machine: Machine
  readonly #ownModules: OwnModules
  readonly #resolve: ResolveInterpreters

  /** @param resolve finds the Pythons of a plan */
  constructor(machine: Machine, programs: Programs, resolve: ResolveInterpreters) {
    this.machine = machine
    this.#resolve = resolve
    this.#ownModules = new OwnModules(programs)
  }

  /**
   * A plan, checked, with its defaults filled in.
   *
   * @throws LabError `bad-input`, its details one for each thing that is wrong
   */
  async check(document: unknown): Promise<Plan> {
    const known = await describeWorkloads()
    const own = ownPathIn(document)
    const cores = this.machine.cores()
    const result = parsePlan(
      document,
      own === null ? known : [...known, describeOwn(own)],
      cores,
      describeExperiments(),
    )
    const problems = [
      ...(own === null || isPythonModule(own) ? [] : await this.#moduleProblems(own, [null])),
      ...('plan' in result
        ? [...this.#samplerProblems(result.plan), ...experimentProblems(result.plan)]
        : result.problems),
    ]
    if ('plan' in result && problems.length === 0) {
      const plan = await this.#withInterpreters(result.plan)
      if (!('workload' in plan)) problems.push(...plan)
      else if (own === null || !isPythonModule(own)) return plan
      else {
        problems.push(...(await this.#moduleProblems(own, plan.interpreters)))
        if (problems.length === 0) return plan
      }
    }
    throw new LabError('bad-input', problemLine(problems), problems)
  }

  /** What a checked plan has done. */
  async work(plan: Plan): Promise<Work> {
    const interpreters = await this.#interpreters(plan)
    const [first] = interpreters
    return workOf(plan, interpreters, (path) =>
      this.#ownModules.workload(path, first?.path ?? null),
    )
  }

  /** Why a plan is not thought to fit the machine as it is now; null where it is. */
  async whyItDoesNotFit(plan: Plan, { memoryOfTask, sharedData }: Work): Promise<string | null> {
    const largest = atLargest(plan)
    return whyItDoesNotFit(largest, memoryOfTask, await this.#roomFor(largest), sharedData)
  }

  /**
   * What a plan will take, and whether it fits; for a plan that is wrong, what is wrong.
   *
   * @param knownTrials trials of the same work that were measured before
   */
  async estimate(
    document: unknown,
    knownTrials: (plan: Plan, work: Work) => Promise<readonly KnownTrial[]>,
  ): Promise<Estimate> {
    const available = await this.machine.availableMemoryBytes()
    const nothing = { time_ms: null, timeBasis: '', memory_bytes: null, doesNotFit: null }
    const plan = await this.check(document).catch((error: unknown) => {
      if (error instanceof LabError && error.details.length > 0) return error.details
      throw error
    })
    if (!('workload' in plan)) {
      return { ...nothing, plan: null, problems: plan, available_bytes: available }
    }
    const work = await this.work(plan)
    const known = await knownTrials(plan, work)
    return {
      ...estimateTime(plan, known, this.machine.cores(), work.kind, work.trialMs),
      plan,
      problems: [],
      memory_bytes: estimateMemory(atLargest(plan), work.memoryOfTask, work.sharedData).amount,
      available_bytes: available,
      doesNotFit: await this.whyItDoesNotFit(plan, work),
    }
  }

  /** What the machine has left for the workers of a plan. */
  async #roomFor(plan: Plan): Promise<Room> {
    return {
      memoryBytes: await this.machine.availableMemoryBytes(),
      ...this.machine.taskLimits(estimateTasks(plan).amount),
    }
  }

  /** The Pythons of a checked plan; none where it needs none, and then none is looked for. */
  async #interpreters(plan: Plan): Promise<readonly Interpreter[]> {
    if (!needsInterpreter(plan)) return []
    const resolved = await this.#resolve(wantedBy(plan))
    if ('interpreters' in resolved) return resolved.interpreters
    const { problems } = resolved
    throw new LabError('bad-input', problemLine(problems), problems)
  }

  /** A plan with its interpreters found, or what is wrong with them. */
  async #withInterpreters(plan: Plan): Promise<Plan | readonly Problem[]> {
    const resolved = await this.#resolve(wantedBy(plan))
    if ('problems' in resolved) return resolved.problems
    const { interpreters } = resolved
    const problems = interpreterProblems(plan, interpreters, process.platform)
    if (problems.length > 0) return problems
    // What is found today is what the run is known by: tomorrow another may be the first.
    return { ...plan, interpreters: interpreters.map(({ path }) => path) }
  }

  /** @param interpreters those that it is for: each may find something else in it, or beside it */
  async #moduleProblems(
    path: string,
    interpreters: readonly (string | null)[],
  ): Promise<readonly Problem[]> {
    try {
      for (const each of interpreters) await this.#ownModules.workload(path, each)
      return []
    } catch (error) {
      if (error instanceof LabError && error.details.length > 0) return error.details
      throw error
    }
  }

  /** A sampler that this machine does not have is refused, rather than replaced by another unasked. */
  #samplerProblems({ sampler }: Plan): Problem[] {
    if (sampler !== 'proc') return []
    const why = this.machine.whyNoProc()
    if (why === null) return []
    const others = samplers.filter((name) => name !== sampler).join(', ')
    const message = `${shown(sampler)} is not allowed here: ${why}; allowed: ${others}`
    return [{ path: 'sampler', message }]
  }
}

/** A plan with the numbers of workers that its experiment makes of those it has. */
function atLargest(plan: Plan): Plan {
  return { ...plan, workers: [Math.max(...configurationsOf(plan).map(({ workers }) => workers))] }
}

/** The Pythons that a plan wants, or its experiment where it names none. */
function wantedBy(plan: Plan): WantedInterpreters {
  const { runtimes, interpreters } = plan
  return { runtimes, interpreters, isEachKind: experimentOf(plan)?.interpreters === 'all' }
}

/** The path of the user's own module in what is not checked yet; null where there is none. */
function ownPathIn(document: unknown): string | null {
  const workload = (document as { readonly workload?: unknown } | null)?.workload
  return typeof workload === 'string' && isModulePath(workload) ? workload : null
}
