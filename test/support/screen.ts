import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { launchChromium } from './chromium.ts'
import { type Served, serve } from './served.ts'

/** A page at the web shell, and what the browser complained of. */
export interface Screen {
  readonly page: Page
  readonly served: Served
  readonly complaints: readonly string[]
}

/**
 * Web shells and the pages at them, each ended after its test: what one draws, or asks for again and
 * again, would slow the next.
 *
 * @param database path of a database's file
 */
export function screens(database: (name: string) => string) {
  let browser: Browser
  const open: { readonly served: Served; readonly context: BrowserContext }[] = []
  const ending: Promise<unknown>[] = []
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterEach(async () => {
    for (const { served, context } of open.splice(0)) {
      await context.close()
      served.child.kill('SIGINT')
      // The next test need not wait for it.
      ending.push(served.ended)
    }
  })
  afterAll(() => Promise.all([browser.close(), ...ending]))
  let next = 0

  return {
    /** A page at a web shell of its own, its database empty, unless it is named. */
    async openScreen(name = `screen-${next++}`): Promise<Screen> {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
      const served = await serve(database(`${name}.db`))
      open.push({ served, context })
      const page = await context.newPage()
      const complaints = complaintsOf(page)
      await page.goto(served.link)
      return { page, served, complaints }
    },
  }
}

export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return complaints
}

/** Fills the form with a comparison that takes some seconds: two models, two trials each. */
export async function setUpQuickly(page: Page, duration = '0.5'): Promise<void> {
  await page.getByRole('radio', { name: /^primes/ }).click()
  await page.getByLabel('n numbers').fill('2000')
  await page.getByLabel('Duration s').fill(duration)
  await page.getByLabel('Repetitions trials').fill('1')
  await page.getByLabel('Interval ms').fill('50')
  await page.getByText('More: warm-ups').click()
  await page.getByLabel('Warm-ups trials').fill('0')
  // What is typed counts when the field is left.
  await page.getByLabel('Warm-ups trials').press('Tab')
}

/** Runs a quick comparison to its end. */
export async function runQuickly(page: Page, duration?: string): Promise<void> {
  await setUpQuickly(page, duration)
  await page.getByRole('button', { name: 'Start the comparison' }).click()
  await page.getByText(/trials were measured and are kept/).waitFor({ timeout: 30_000 })
}

/**
 * Looks from now on whether something comes to be on the page, be it gone again before a test can look.
 *
 * @returns waits until it has been there
 */
export async function watchFor(page: Page, selector: string): Promise<() => Promise<void>> {
  const found = await page.evaluateHandle((wanted) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = () => {
      if (document.querySelector(wanted) !== null) resolve()
    }
    const options = { subtree: true, childList: true, attributes: true }
    new MutationObserver(look).observe(document, options)
    look()
    return { promise }
  }, selector)
  return () => found.evaluate(({ promise }) => promise)
}

/** Which of so many trials goes on; waits for one where none does. */
export async function trialOf(page: Page, planned: number): Promise<number> {
  const words = await page.getByText(new RegExp(`^trial \\d+ of ${planned}`)).innerText()
  return Number.parseInt(words.slice('trial '.length), 10)
}

/** Waits for the next picture: what has changed may be drawn after the words have. */
export function nextPicture(page: Page): Promise<unknown> {
  return page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  )
}

/** Colours of a canvas, by how many of its pixels have each; what is transparent is left out. */
export function coloursOf(page: Page, selector: string): Promise<Record<string, number>> {
  return page.locator(selector).evaluate((element) => {
    const canvas = element as HTMLCanvasElement
    const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(
      0,
      0,
      canvas.width,
      canvas.height,
    )
    const colours: Record<string, number> = {}
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] === 0) continue
      const colour = `${data[at]},${data[at + 1]},${data[at + 2]}`
      colours[colour] = (colours[colour] ?? 0) + 1
    }
    return colours
  })
}

/**
 * Holds a page to WCAG 2.2 AA, as far as a program can, in both themes.
 *
 * What is as it must be is not described, and the findings are put together in the page itself, which
 * has no frames: the same rules are held to it, in a fifth of the time.
 */
export async function expectAccessible(page: Page): Promise<void> {
  expect(page.frames()).toHaveLength(1)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page })
      .options({ resultTypes: ['violations'] })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
      .setLegacyMode()
      .analyze()
    const found = violations.map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes[0]?.html}`)
    expect(found).toEqual([])
  }
}
