import { findOrInstallChromium } from './chromium.ts'

/** Before the tests that need a browser: finds one, or installs it, and says which. */
export default function setup(): void {
  process.stdout.write(`${findOrInstallChromium()}\n`)
}
