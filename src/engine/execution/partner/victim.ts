import { monotonicMs } from '../../clock.ts'
import type { FailingData, FromFailing, ToFailing } from './failing.ts'
import type { Part, PartChannel } from './part.ts'
import { type Partner, startPartner } from './partner.ts'
import type { FailingReport } from './ways-to-fail.ts'

export interface VictimData extends FailingData {
  readonly program: string
  readonly model: 'threads' | 'processes'
  readonly workers: number
  /** A worker that has been silent for so long is taken for lost, and ended. */
  readonly deadlineMs: number
  /** Of the heap of a worker; null where it has none. */
  readonly ownLimitMb: number | null
  /** Arguments of Node for processes beneath. */
  readonly nodeArguments: readonly string[]
}

/** `recycle` ends the worker that was told to fail, as one does that is found to leak. */
export type ToVictim = 'fail' | 'recycle'

/** What the victim tells the probe; all times of the shared clock. */
export type FromVictim =
  | FailingReport
  /** A process beneath it is there, which somebody has to end. */
  | { readonly type: 'started'; readonly processId: number }
  /** Its workers are ready. */
  | { readonly type: 'ready'; readonly at: number }
  | { readonly type: 'silent'; readonly worker: number; readonly at: number }
  | {
      readonly type: 'ended'
      readonly worker: number
      readonly processId: number
      /** In words; null for an ordinary end. */
      readonly how: string | null
      /** When it was ended from outside; null where it ended by itself. */
      readonly calledAt: number | null
      readonly at: number
    }
  | { readonly type: 'replaced'; readonly worker: number; readonly at: number }
  /** After a replacement: how many of the others have answered since. */
  | { readonly type: 'roll'; readonly siblingsAlive: number }
  | {
      readonly type: 'memory'
      readonly at: number
      readonly hostBytes: number
      /** Of the process of each worker; 0 where it has none, or is gone. */
      readonly workerBytes: readonly number[]
    }

interface Member {
  readonly partner: Partner
  isReady: boolean
  isFirst: boolean
  /** The last heartbeat that it has answered. */
  answered: number
  unanswered: number
  endCalledAt: number | null
  rssBytes: number
}

const beatMs = 20

/** The one that is told to fail. */
export const culprit = 0

/**
 * A program with workers, as a careful one is written: it hears of errors and exits of its workers, has
 * them answer heartbeats, and replaces those that are lost. It may die of what one of them does.
 */
const victim: Part = (channel) => {
  new Supervisor(channel).start()
}

export default victim

class Supervisor {
  readonly #data: VictimData
  readonly #channel: PartChannel
  readonly #members: Member[] = []
  #beat = 0
  /** Whether all have said once how much memory they have. */
  #isKnown = false

  constructor(channel: PartChannel) {
    this.#channel = channel
    this.#data = channel.data as VictimData
  }

  start(): void {
    for (let worker = 0; worker < this.#data.workers; worker++) this.#startWorker(worker, true)
    this.#channel.receive((message) => {
      const member = this.#members[culprit] as Member
      if ((message as ToVictim) === 'fail') member.partner.send('fail' satisfies ToFailing)
      else this.#end(member)
    })
    setInterval(() => this.#heartbeat(), beatMs)
  }

  #tell(report: FromVictim): void {
    this.#channel.send(report)
  }

  #startWorker(worker: number, isFirst: boolean): void {
    const { program, model, failure, leakBytes, ownLimitMb, nodeArguments } = this.#data
    const limit = ownLimitMb === null ? [] : [`--max-old-space-size=${ownLimitMb}`]
    const data: FailingData = { failure, leakBytes }
    const partner = startPartner(
      model,
      { program, part: 'failing', data },
      {
        thread:
          ownLimitMb === null ? {} : { resourceLimits: { maxOldGenerationSizeMb: ownLimitMb } },
        process: {
          execArgv: [...nodeArguments, ...limit],
          stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        },
      },
    )
    const member: Member = {
      partner,
      isReady: false,
      isFirst,
      answered: 0,
      unanswered: 0,
      endCalledAt: null,
      rssBytes: 0,
    }
    this.#members[worker] = member
    if (model === 'processes') this.#tell({ type: 'started', processId: partner.processId })
    partner.receive((message) => this.#hear(worker, member, message as FromFailing))
    void partner.exited.then((how) => this.#replace(worker, member, how))
  }

  #hear(worker: number, member: Member, message: FromFailing): void {
    switch (message.type) {
      case 'failing':
      case 'leaked':
        this.#tell(message)
        return
      case 'answer':
        member.answered = message.beat
        member.unanswered = 0
        member.rssBytes = message.rssBytes ?? 0
        return
      case 'ready': {
        member.isReady = true
        const at = monotonicMs()
        if (!member.isFirst) {
          this.#tell({ type: 'replaced', worker, at })
          void this.#callRoll()
        } else if (this.#members.every(({ isReady }) => isReady)) this.#tell({ type: 'ready', at })
      }
    }
  }

  /** Beats, not time, are counted: whoever was held up here has not been asked. */
  #heartbeat(): void {
    this.#beat++
    for (const [worker, member] of this.#members.entries()) {
      if (!member.isReady || member.endCalledAt !== null) continue
      if (member.unanswered * beatMs >= this.#data.deadlineMs) {
        this.#tell({ type: 'silent', worker, at: monotonicMs() })
        this.#end(member)
        continue
      }
      member.unanswered++
      member.partner.send(this.#beat satisfies ToFailing)
    }
    this.#isKnown ||= this.#members.every(({ answered }) => answered > 0)
    if (this.#data.failure !== 'leak' || !this.#isKnown) return
    const workerBytes = this.#members.map(({ rssBytes }) => rssBytes)
    const hostBytes = process.memoryUsage.rss()
    this.#tell({ type: 'memory', at: monotonicMs(), hostBytes, workerBytes })
  }

  #end(member: Member): void {
    member.endCalledAt = monotonicMs()
    void member.partner.kill()
  }

  #replace(worker: number, { partner, endCalledAt }: Member, how: string | null): void {
    const { processId } = partner
    this.#tell({ type: 'ended', worker, processId, how, calledAt: endCalledAt, at: monotonicMs() })
    this.#startWorker(worker, false)
  }

  /** Those count that were there from the start, and answer a heartbeat that is sent from now on. */
  async #callRoll(): Promise<void> {
    const from = this.#beat
    const siblings = this.#members.filter(({ isFirst }) => isFirst)
    const alive = () => siblings.filter(({ answered }) => answered > from)
    const until = from + this.#data.deadlineMs / beatMs
    while (alive().length < siblings.length && this.#beat <= until) {
      await new Promise((resolve) => setTimeout(resolve, beatMs))
    }
    this.#tell({ type: 'roll', siblingsAlive: alive().length })
  }
}
