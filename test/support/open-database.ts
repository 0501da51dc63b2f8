// Opens databases one after another, each at an instant that it is told, as an app does that is started
// together with others.
import { createInterface } from 'node:readline'
import { openDatabase } from '../../src/engine/storage/database.ts'

process.stdout.write('ready\n')
for await (const line of createInterface({ input: process.stdin })) {
  const { path, at } = JSON.parse(line) as { readonly path: string; readonly at: number }
  while (Date.now() < at);
  let said = 'opened'
  try {
    openDatabase(path, 'write').database.close()
  } catch (error) {
    said = String(error)
  }
  process.stdout.write(`${said}\n`)
}
