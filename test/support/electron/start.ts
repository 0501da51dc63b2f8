// Runs a built main program as Electron would: node start.ts <program> [arguments]
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { answers } from './module/answers.ts'
import { app } from './module/app.ts'
import { machine, offered } from './module/display.ts'

const [node = '', , program = '', ...args] = process.argv
process.argv = [node, program, ...args]
Object.defineProperty(process, 'platform', { value: machine.platform })
Object.assign(offered, answers)

const double = new URL('./module/electron.ts', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: double, shortCircuit: true } : next(specifier, context),
})
await import(pathToFileURL(program).href)
// Electron waits for the modules, not for what they have begun.
setImmediate(() => app.becomeReady())
