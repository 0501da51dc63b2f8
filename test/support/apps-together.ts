import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'

const script = fileURLToPath(new URL('open-database.ts', import.meta.url))
/** Until the last has read what it is told. */
const aheadMs = 50

interface App {
  readonly process: ChildProcess
  /** Undefined where it has ended. */
  line(): Promise<string | undefined>
}

function startApp(): App {
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return { process: child, line: async () => (await lines.next()).value }
}

/** Apps that are there, so that they open a database at the same instant: the answer of each. */
export function appsTogether(count = 3): (path: string) => Promise<(string | undefined)[]> {
  let apps: App[] = []
  beforeAll(async () => {
    apps = Array.from({ length: count }, startApp)
    for (const app of apps) await app.line()
  })
  afterAll(() => {
    for (const app of apps) app.process.stdin?.end()
  })
  return (path) => {
    const told = `${JSON.stringify({ path, at: Date.now() + aheadMs })}\n`
    for (const app of apps) app.process.stdin?.write(told)
    return Promise.all(apps.map((app) => app.line()))
  }
}
