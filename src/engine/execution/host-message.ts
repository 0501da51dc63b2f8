import * as z from 'zod'
import type { HostToLab, TrialSpec } from './protocol.ts'

/*
 * Whether what came from a host is a message of a host. Code of the user's own shares its process, and
 * may write where the host does, in whatever form: one that is none must not reach what is kept.
 */

/** Of numbers that JSON can hold and that are finite; 1e999 is read as none. */
const figure = z.number()
const count = z.number().int().nonnegative()
const figureOrNull = figure.nullable()
/** The longest text of a reason or a frame, in characters. */
const text = z.string().max(1024 * 1024)

const identity = {
  processId: count,
  threadId: count,
  osThreadId: count.nullable(),
}

const summary = z.object({
  startedAt: figure,
  endedAt: figure,
  tasks: count,
  indexSum: figure,
  wrong: count,
  firstWrong: z.object({ index: count, found: figureOrNull }).nullable(),
  busyMs: figure,
  cpuMs: figure,
  voluntarySwitches: figure,
  involuntarySwitches: figure,
  rssBytes: figureOrNull,
  heapUsedBytes: figureOrNull,
  times: z.array(figure),
})

/** Flat, so that it can be a row of a table. */
const observations = z.record(z.string(), z.union([figure, z.string(), z.boolean(), z.null()]))

function messagesOf(workers: number) {
  const each = <T extends z.ZodType>(of: T) => z.array(of).length(workers)
  const result = z.object({
    baselineFrom: figure,
    baselineTo: figure,
    baselineRssBytes: figureOrNull,
    allReadyAt: figure,
    releasedAt: figure,
    workers: each(
      z.object({
        ...identity,
        startCalledAt: figure,
        readyAt: figure,
        endCalledAt: figure,
        exitedAt: figure,
        summary,
        spans: z.string().nullable(),
      }),
    ),
    hostCpuMs: figure,
    hostVoluntarySwitches: figure,
    hostInvoluntarySwitches: figure,
    hostRssBytes: figureOrNull,
    hostDelayP99Ms: figure,
    observations: observations.optional(),
  })
  const observed = z.object({
    baselineFrom: figure,
    preparedFrom: figure,
    begunAt: figure,
    endedAt: figure,
    observations,
  })
  return z.discriminatedUnion('type', [
    z.object({
      type: z.literal('phase'),
      name: z.enum(['baseline', 'spawn', 'barrier', 'teardown']),
      at: figure,
    }),
    z.object({ type: z.literal('crew'), workers: each(z.object(identity)) }),
    z.object({ type: z.literal('released'), at: figure }),
    z.object({
      type: z.literal('report'),
      at: figure,
      rssBytes: figureOrNull,
      cpuMs: figure,
      workers: z.object({
        at: each(figureOrNull),
        tasks: each(figure),
        cpuMs: each(figure),
        rssBytes: each(figureOrNull),
        heapUsedBytes: each(figureOrNull),
        isDone: each(z.boolean()),
      }),
    }),
    z.object({ type: z.literal('look'), after: z.enum(['baseline', 'barrier', 'work']) }),
    z.object({ type: z.literal('finished'), result }),
    z.object({ type: z.literal('observed'), result: observed }),
    z.object({ type: z.literal('failed'), reason: text, frames: z.array(text).optional() }),
  ])
}

/**
 * Reads the messages of one trial.
 *
 * @returns what says whether something is a message that a host of this trial may send; it is handed on as it is
 */
export function messageCheck({
  workers,
}: Pick<TrialSpec, 'workers'>): (said: unknown) => said is HostToLab {
  const messages = messagesOf(workers)
  return (said): said is HostToLab => messages.safeParse(said).success
}
