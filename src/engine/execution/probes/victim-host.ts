import type { ForkOptions } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Partner, startPartner } from '../partner/partner.ts'
import type { FromVictim, ToVictim, VictimData } from '../partner/victim.ts'

type Told<T extends FromVictim['type']> = Extract<FromVictim, { readonly type: T }>

/** A program that is to come to harm: a process of its own beneath the host of the trial. */
export class VictimHost {
  /** How it ended, in words; null for an ordinary end. */
  readonly exited: Promise<string | null>
  readonly #partner: Partner
  readonly #told: FromVictim[] = []
  readonly #processIds = new Set<number>()
  #heard: (() => void)[] = []

  /**
   * @param folder its working directory: whatever it leaves goes with the trial
   * @param nodeArguments for its own process
   */
  constructor(data: VictimData, folder: string, nodeArguments: readonly string[]) {
    this.#partner = startPartner(
      'processes',
      { program: data.program, part: 'victim', data },
      { process: harmless(folder, nodeArguments) },
    )
    this.exited = this.#partner.exited
    this.#partner.receive((message) => {
      const report = message as FromVictim
      if (report.type === 'started') this.#processIds.add(report.processId)
      // Its number may be another's by now.
      if (report.type === 'ended') this.#processIds.delete(report.processId)
      this.#told.push(report)
      for (const look of this.#heard.splice(0)) look()
    })
  }

  send(order: ToVictim): void {
    this.#partner.send(order)
  }

  /** All that it has told of a kind, the oldest first. */
  told<T extends FromVictim['type']>(type: T): Told<T>[] {
    return this.#told.filter((report): report is Told<T> => report.type === type)
  }

  /** What it first tells of a kind. Never resolves where it does not. */
  async hears<T extends FromVictim['type']>(type: T): Promise<Told<T>> {
    for (;;) {
      const [first] = this.told(type)
      if (first !== undefined) return first
      await new Promise<void>((resolve) => this.#heard.push(resolve))
    }
  }

  /** Ends it and all beneath it, whatever they are doing; resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#partner.kill()
    for (const processId of this.#processIds) {
      try {
        process.kill(processId, 'SIGKILL')
      } catch {
        // Gone already.
      }
    }
  }
}

/** Without what the user's environment has Node do, and without a picture of its memory when it crashes. */
function harmless(folder: string, nodeArguments: readonly string[]): ForkOptions {
  const { NODE_OPTIONS: _, ...env } = process.env
  const options: ForkOptions = {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [...nodeArguments],
  }
  if (!existsSync(shell)) return options
  // Node cannot set the limit itself; a shell can, and becomes Node then.
  const script = 'ulimit -c 0; exec "$0" "$@"'
  return {
    ...options,
    execPath: shell,
    execArgv: ['-c', script, process.execPath, ...nodeArguments],
  }
}

/** Not there on Windows, which keeps no such pictures unless it is told to. */
const shell = '/bin/sh'
