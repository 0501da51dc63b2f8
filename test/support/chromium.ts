import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright'
import { projectRoot } from '../architecture/layers.ts'

/** Where systems put a Chromium of their own. */
const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

function found(): string | undefined {
  return [chromium.executablePath(), ...installed].find((each) => existsSync(each))
}

/** Playwright's own Chromium where it was downloaded, else the system's. */
export function chromiumPath(): string {
  const path = found()
  if (path === undefined) throw new Error('no Chromium is here: npx playwright install chromium')
  return path
}

/**
 * Makes sure that there is a Chromium, before any test needs one: one that is here, Playwright's own,
 * or Debian's.
 *
 * @returns which, in words
 * @throws Error where none can be had
 */
export function findOrInstallChromium(): string {
  const here = found()
  if (here !== undefined) return `Chromium: ${here}, found`
  const run = (command: string, ...flags: string[]) =>
    execFileSync(command, flags, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000 })
  const ways: readonly (() => void)[] = [
    () => {
      const playwright = join(projectRoot, 'node_modules/playwright/cli.js')
      run(process.execPath, playwright, 'install', 'chromium')
    },
    () => {
      run('apt-get', 'update', '-qq')
      run('apt-get', 'install', '-y', '-qq', 'chromium')
    },
  ]
  for (const install of process.getuid?.() === 0 ? ways.toReversed() : ways) {
    try {
      install()
    } catch {
      continue
    }
    const path = found()
    if (path !== undefined) return `Chromium: ${path}, installed just now`
  }
  throw new Error('no Chromium can be had: install one, or run npx playwright install chromium')
}

/** Root has no user namespaces to build Chromium's sandbox of; and nobody is called at home. */
export const chromiumFlags: readonly string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-background-networking',
]

export function launchChromium(...flags: readonly string[]): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: [...chromiumFlags, ...flags] })
}
