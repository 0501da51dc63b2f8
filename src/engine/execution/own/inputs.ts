import { shown } from '../../../shared/model/problem.ts'
import type { Assignment, TrialSpec } from '../protocol.ts'
import { whyNotCloned } from './cloning.ts'
import { OwnFailure, ownFailure } from './failure.ts'
import { loadModule } from './module.ts'
import { surround } from './surroundings.ts'

/** Inputs that are asked for where the number of tasks is not known, and the most in any case. */
const withoutTasks = 256
const mostInputs = 10_000

/** The inputs of a trial's tasks, made once in its host; task i has input `i % length`. */
export class OwnInputs {
  readonly #inputs: readonly unknown[]

  constructor(inputs: readonly unknown[]) {
    this.#inputs = inputs
  }

  /** Those of the tasks that a worker does by itself, in its order; it begins anew at their end. */
  ofAssignment(assignment: Assignment): readonly unknown[] {
    const { length } = this.#inputs
    switch (assignment.how) {
      case 'range': {
        const { from, to } = assignment
        return this.#every(from, 1, Math.min(to - from, length))
      }
      case 'until': {
        const { first, step } = assignment
        return this.#every(first, step, length / greatestCommonDivisor(length, step))
      }
      case 'dynamic':
        return []
    }
  }

  ofTask(index: number): unknown {
    return this.#inputs[index % this.#inputs.length]
  }

  /**
   * Sends what holds inputs.
   *
   * @param send throws where one of them cannot be cloned
   * @throws OwnFailure that names the input
   */
  sending(send: () => void): void {
    try {
      send()
    } catch (error) {
      throw new OwnFailure(
        `what inputs() returned cannot be sent: ${whyNotCloned(this.#inputs, 'inputs', error)}; input i is that of task i`,
      )
    }
  }

  #every(first: number, step: number, count: number): unknown[] {
    return Array.from({ length: count }, (_, at) => this.ofTask(first + at * step))
  }
}

/**
 * Has the user's own module make the inputs, in the trial's host.
 *
 * @param fail told of what goes wrong in it later
 * @throws OwnFailure
 */
export async function makeInputs(
  { workload: path, tasks }: TrialSpec,
  fail: (failure: OwnFailure) => void,
): Promise<OwnInputs> {
  surround(path, fail)
  const module = await loadModule(path)
  const count = Math.min(tasks ?? withoutTasks, mostInputs)
  const call = `inputs(${count})`
  let made: unknown
  try {
    made = await module.inputs?.(count)
  } catch (error) {
    throw ownFailure(error, path, call)
  }
  const bad = (what: string) =>
    new OwnFailure(`${call} returned ${what}; allowed: a list of at least one input`)
  if (typeof made !== 'object' || made === null || !(Symbol.iterator in made))
    throw bad(shown(made))
  const inputs: unknown[] = []
  try {
    for (const each of made as Iterable<unknown>) {
      inputs.push(each)
      if (inputs.length === count) break
    }
  } catch (error) {
    throw ownFailure(error, path, call)
  }
  if (inputs.length === 0) throw bad('no input')
  return new OwnInputs(inputs)
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
