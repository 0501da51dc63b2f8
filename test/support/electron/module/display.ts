import { link } from '../link.ts'
import { type DisplaySide, type Machine, machineVariable } from '../sides.ts'

export const machine = JSON.parse(process.env[machineVariable] ?? '{}') as Machine

/** What the test may call; `answers.ts` fills it in. */
export const offered: Record<string, unknown> = {}

/** The test and its browser. */
export const display = link<DisplaySide>(process, offered)

// Nothing outlives the test; where the app itself looks after that, it is left to it.
if (process.env.CORESCOPE_LAUNCHER !== '1') process.on('disconnect', () => process.exit(1))

const underWay = new Set<Promise<unknown>>()

/** Sends what nobody waits for, except the end of the app. */
export function tell(sent: Promise<unknown>): void {
  const settled = sent.catch(() => {}).finally(() => underWay.delete(settled))
  underWay.add(settled)
}

export async function allIsTold(): Promise<void> {
  await Promise.all(underWay)
}
