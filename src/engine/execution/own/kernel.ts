import type { Kernel } from '../../workloads/workload.ts'
import type { BatchAnswer, TrialSpec, WorkerToHost } from '../protocol.ts'
import { isCloneable, whyNotCloned } from './cloning.ts'
import { OwnFailure, ownFailure } from './failure.ts'
import { loadModule, type OwnContext, type OwnModule } from './module.ts'
import { surround, unsurround } from './surroundings.ts'

/** Outputs that a receipt is asked for together, and receipts that may be missing before work waits. */
const outputsPerReceipt = 4
const mostMissing = 2

/**
 * Loads the user's own module in a worker and has it set itself up.
 *
 * @param fail told of what goes wrong where no task is being done
 * @throws OwnFailure
 */
export async function prepareOwn(
  spec: TrialSpec,
  worker: number,
  send: (message: WorkerToHost) => void,
  fail: (failure: OwnFailure) => void,
): Promise<Kernel> {
  const path = spec.workload
  surround(path, fail)
  const module = await loadModule(path)
  let setup: unknown
  try {
    setup = await module.setup?.()
  } catch (error) {
    throw ownFailure(error, path, 'setup()')
  }
  return new OwnKernel(spec, module, { worker, setup }, send)
}

/** Does the tasks of the user's own module, checks them as the module says, and sends what they return. */
class OwnKernel implements Kernel {
  readonly #path: string
  readonly #module: OwnModule
  readonly #context: Omit<OwnContext, 'index'>
  readonly #send: (message: WorkerToHost) => void
  /** Whether outputs go with the answer that the host waits for, and not each by itself. */
  readonly #isAsked: boolean
  #outputs: { readonly index: number; readonly output: unknown }[] = []
  /** Null where the input of a task is its number. */
  #inputs: readonly unknown[] | null = null
  #next = 0
  #input: unknown
  #output: unknown
  #sent = 0
  #missing = 0
  #roomy: PromiseWithResolvers<void> | null = null

  constructor(
    { workload, seed, workers, scheduling, model }: TrialSpec,
    module: OwnModule,
    given: Pick<OwnContext, 'worker' | 'setup'>,
    send: (message: WorkerToHost) => void,
  ) {
    this.#path = workload
    this.#module = module
    this.#context = { ...given, workers, seed }
    this.#send = send
    this.#isAsked = scheduling === 'dynamic' && model !== 'inline'
  }

  take(inputs: readonly unknown[]): void {
    this.#inputs = inputs
    this.#next = 0
  }

  /** Work waits while the host has yet to take what was sent: else it would pile up on the way. */
  room(): Promise<void> | undefined {
    if (this.#missing < mostMissing) return undefined
    this.#roomy ??= Promise.withResolvers()
    return this.#roomy.promise
  }

  received(): void {
    this.#missing--
    this.#roomy?.resolve()
    this.#roomy = null
  }

  /** Its checksum says nothing: whether an output is right is for `check` to say. */
  task(index: number): number | Promise<number> {
    const inputs = this.#inputs
    this.#input = inputs === null ? index : inputs[this.#next++ % inputs.length]
    try {
      const output = this.#module.task(this.#input, { index, ...this.#context })
      if (!isPromise(output)) {
        this.#output = output
        return 0
      }
      return this.#awaited(output)
    } catch (error) {
      throw ownFailure(error, this.#path)
    }
  }

  async #awaited(output: PromiseLike<unknown>): Promise<number> {
    try {
      this.#output = await output
      return 0
    } catch (error) {
      throw ownFailure(error, this.#path)
    }
  }

  verify(index: number): boolean {
    const [input, output] = [this.#input, this.#output]
    this.#input = undefined
    this.#output = undefined
    const isRight = this.#isRight(index, output, input)
    this.#give(index, output)
    return isRight
  }

  #isRight(index: number, output: unknown, input: unknown): boolean {
    if (this.#module.check === undefined) return true
    try {
      const found = this.#module.check(output, input)
      if (!isPromise(found)) return Boolean(found)
    } catch (error) {
      throw ownFailure(error, this.#path, 'check()', index)
    }
    throw new OwnFailure('check() returned a promise; allowed: true or false at once', [], index)
  }

  #give(index: number, output: unknown): void {
    if (this.#isAsked) {
      this.#outputs.push({ index, output })
      return
    }
    this.#sent++
    const wantsReceipt = this.#sent % outputsPerReceipt === 0
    if (wantsReceipt) this.#missing++
    this.#try([{ index, output }], () => this.#send({ type: 'output', output, wantsReceipt }))
  }

  answer(answer: BatchAnswer & { readonly type: 'answer' }): void {
    const given = this.#outputs
    this.#outputs = []
    const outputs = given.map(({ output }) => output)
    this.#try(given, () => this.#send({ ...answer, outputs }))
  }

  /** @throws OwnFailure that names the output which cannot be sent */
  #try(
    given: readonly { readonly index: number; readonly output: unknown }[],
    send: () => void,
  ): void {
    try {
      send()
    } catch (error) {
      const found = given.find(({ output }) => !isCloneable(output)) ?? given[0]
      const why = whyNotCloned(found?.output, 'output', error)
      throw new OwnFailure(`what it returned cannot be sent: ${why}`, [], found?.index ?? null)
    }
  }

  close(): void {
    unsurround()
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  )
}
