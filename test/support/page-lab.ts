import type { Page } from 'playwright'
import type { Bridge } from '../../src/shared/bridge.ts'
import type {
  LabEvent,
  LabReply,
  MethodName,
  ParametersOf,
  ResultOf,
} from '../../src/shared/contract.ts'
import { until } from './scratch.ts'
import { endlessPlan } from './served.ts'

declare global {
  interface Window {
    /** What the preload script gives the page. */
    readonly corescope: Bridge
    /** Where these tests keep what the page was told. */
    told?: LabEvent[]
  }
}

/** Sends a message over the page's bridge, whatever it is. */
export function send(page: Page, message: unknown): Promise<LabReply> {
  return page.evaluate((sent) => window.corescope.request(sent as never), message)
}

/** Asks the lab as the page would. */
export async function ask<M extends MethodName>(
  page: Page,
  method: M,
  parameters: ParametersOf<M>,
): Promise<ResultOf<M>> {
  const reply = await send(page, { method, parameters })
  if ('error' in reply) throw new Error(`${reply.error.code}: ${reply.error.message}`)
  return reply.result as ResultOf<M>
}

/** Has the page watch, and keep what it is told. */
export async function watch(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const told: LabEvent[] = []
    window.told = told
    window.corescope.onEvent((event) => told.push(event))
    await window.corescope.request({ method: 'watch', parameters: {} })
  })
}

export async function told(page: Page): Promise<readonly LabEvent[]> {
  return page.evaluate(() => window.told ?? [])
}

/** Waits until the page is told something. */
export async function untilTold(
  page: Page,
  what: string,
  isIt: (event: LabEvent) => boolean,
): Promise<LabEvent> {
  let found: LabEvent | undefined
  await until(
    what,
    async () => {
      found = (await told(page)).find(isIt)
      return found !== undefined
    },
    30_000,
  )
  return found as LabEvent
}

export async function startEndless(page: Page): Promise<void> {
  await watch(page)
  await ask(page, 'start', { plan: endlessPlan })
  await untilTold(
    page,
    'a trial at work',
    (event) => event.type === 'run' && event.event.type === 'phase' && event.event.name === 'work',
  )
}
