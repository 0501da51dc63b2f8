import { setImmediate } from 'node:timers/promises'
import { monotonicMs } from '../../clock.ts'
import { doSteps, type StepsReply, type StepsRequest } from '../partner/steps.ts'
import { startPool } from './pool.ts'
import type { Probe } from './probe.ts'

/** A display that draws 60 times a second leaves so much for each picture, in ms. */
const frameMs = 1000 / 60
/** Timers count in whole ms: a frame that comes so much later is not late. */
const timerMs = 1
/** Frames before the work, for the loop to have settled. */
const settlingFrames = 10

/** A loop that draws frames, as a user interface does, while work is done beside it or in it. */
const responsiveness: Probe = {
  async observe(context) {
    const { model, workers, variant, parameters, partnerProgram, begin } = context
    const { tasks, steps, result_kib } = parameters as Record<string, number>
    const work = { tasks: tasks as number, steps: steps as number }
    const resultBytes = 1024 * (result_kib as number)
    const pool = model === 'inline' ? null : await startPool(partnerProgram, model, workers)
    await pool?.pool.greet()
    const frames = new Frames()
    await frames.settle()
    begin()
    frames.count()
    const from = monotonicMs()
    const checksum =
      pool !== null
        ? await inPool(pool.pool.partners, work, resultBytes)
        : variant === 'in one piece'
          ? inOnePiece(work)
          : await taskByTask(work)
    const workMs = monotonicMs() - from
    // A loop that was blocked until now draws the frame it owes.
    await frames.next()
    frames.stop()
    await pool?.pool.dismiss()
    return { work_ms: workMs, ...frames.figures(), checksum }
  },
}

export default responsiveness

interface Work {
  readonly tasks: number
  readonly steps: number
}

function inOnePiece({ tasks, steps }: Work): number {
  let sum = 0
  for (let task = 0; task < tasks; task++) sum += doSteps(steps)
  return sum
}

/** Lets the loop turn between two tasks: the best that can be done without another worker. */
async function taskByTask({ tasks, steps }: Work): Promise<number> {
  let sum = 0
  for (let task = 0; task < tasks; task++) {
    sum += doSteps(steps)
    await setImmediate()
  }
  return sum
}

/** Each worker gets the next task when it has sent the result of the one before. */
async function inPool(
  partners: Awaited<ReturnType<typeof startPool>>['pool']['partners'],
  { tasks, steps }: Work,
  resultBytes: number,
): Promise<number> {
  let left = tasks
  let sum = 0
  let state: number | null = null
  await Promise.all(
    partners.map(async (partner) => {
      while (left-- > 0) {
        partner.send({ type: 'work', steps, resultBytes } satisfies StepsRequest)
        const reply = (await partner.next()) as StepsReply
        if (reply.type !== 'done') throw new Error(`a worker answered ${reply.type}`)
        state ??= reply.state
        if (reply.state !== state) throw new Error('the workers came to different results')
        sum += reply.state
      }
    }),
  )
  return sum
}

/** Draws nothing, but at the times at which frames would be drawn, and sees how late each comes. */
class Frames {
  #timer: NodeJS.Timeout | undefined
  #last = monotonicMs()
  #gaps: number[] = []
  #waiting: (() => void)[] = []

  constructor() {
    this.#ask()
  }

  async settle(): Promise<void> {
    for (let frame = 0; frame < settlingFrames; frame++) await this.next()
  }

  /** Resolves when the next frame has been drawn. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Only what comes from here on counts. */
  count(): void {
    this.#gaps = []
    this.#last = monotonicMs()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  /** A frame is late by what its gap is longer than one frame: so long was the loop blocked at the least. */
  figures() {
    const late = this.#gaps.map((gap) => Math.max(0, gap - frameMs - timerMs)).sort((a, b) => a - b)
    const length = this.#gaps.reduce((sum, gap) => sum + gap, 0)
    const missed = this.#gaps.reduce(
      (sum, gap) => sum + Math.max(0, Math.round(gap / frameMs) - 1),
      0,
    )
    return {
      frames: this.#gaps.length,
      missed_frames: missed,
      missed_frames_percent: (100 * missed) / (missed + this.#gaps.length),
      longest_block_ms: late.at(-1) ?? 0,
      block_p99_ms: late[Math.ceil(0.99 * late.length) - 1] ?? 0,
      blocked_percent: length === 0 ? 0 : (100 * late.reduce((sum, ms) => sum + ms, 0)) / length,
    }
  }

  #ask(): void {
    const due = this.#last + frameMs
    this.#timer = setTimeout(() => this.#draw(), Math.max(0, due - monotonicMs()))
  }

  #draw(): void {
    const now = monotonicMs()
    this.#gaps.push(now - this.#last)
    this.#last = now
    for (const resolve of this.#waiting.splice(0)) resolve()
    this.#ask()
  }
}
