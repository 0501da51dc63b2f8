import type { Browser, BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { launchChromium } from './chromium.ts'
import type { MadeUpLab } from './made-up-lab.ts'
import { complaintsOf } from './screen.ts'

/** A page at a made-up lab, and what the browser complained of. */
export interface MadeUpScreen {
  readonly page: Page
  readonly complaints: readonly string[]
}

/**
 * Pages at made-up labs: both are closed after each test, since a page whose lab is gone asks for it
 * again and again; the browser after the last of a file.
 */
export function madeUpScreens() {
  let browser: Browser
  const labs: MadeUpLab[] = []
  const contexts: BrowserContext[] = []
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close()
    for (const lab of labs.splice(0)) lab.close()
  })
  afterAll(() => browser.close())

  return {
    /** @param hash of the view, with its `#` */
    async openAt(lab: MadeUpLab, hash = ''): Promise<MadeUpScreen> {
      labs.push(lab)
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
      contexts.push(context)
      const page = await context.newPage()
      const complaints = complaintsOf(page)
      await page.goto(lab.url + hash)
      return { page, complaints }
    },
  }
}
