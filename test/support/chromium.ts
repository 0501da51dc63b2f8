import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright'

/** Where systems put a Chromium of their own. */
const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Playwright's own Chromium where it was downloaded, else the system's. */
export function chromiumPath(): string {
  const path = [chromium.executablePath(), ...installed].find((each) => existsSync(each))
  if (path === undefined) throw new Error('no Chromium is here: npx playwright install chromium')
  return path
}

/** Root has no user namespaces to build Chromium's sandbox of. */
const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : []

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: flags })
}
