import type * as z from 'zod'
import { comparingMethods } from './contract/comparing.ts'
import { dialogMethods } from './contract/dialogs.ts'
import { exchangeMethods } from './contract/exchange.ts'
import { interpreterMethods } from './contract/interpreters.ts'
import { libraryMethods } from './contract/library.ts'
import type { Method } from './contract/method.ts'
import { runningMethods } from './contract/running.ts'
import { savedRunMethods } from './contract/saved-runs.ts'
import { LabError, shown } from './model/problem.ts'

/*
 * What a screen may ask of the lab, and what it is told: the same over Electron's IPC and over a
 * WebSocket. Plain JSON. Requests are checked by the side that receives them. Each subject stands in
 * a file of `contract`; here they come together.
 */

export type { ComparisonRequest } from './contract/comparing.ts'
export { type ErrorMessage, errorMessage, type LabReply } from './contract/errors.ts'
export { type LabEvent, type MenuCommand, menuCommands } from './contract/events.ts'
export {
  comparisonForms,
  type ExportForm,
  type ExportOutcome,
  type ExportProgress,
  type ExportRequest,
  exportForms,
  type ImportOutcome,
  runForms,
} from './contract/exchange.ts'
export type { Estimate, LabDescription, SamplePlan } from './contract/running.ts'
export type { RunsPage, RunsQuery, SavedRun, SavedTimeline } from './contract/saved-runs.ts'
export { importPath, type RunOrder, runOrders } from './contract-words.ts'

// Who asks for another is told their names in this order.
const methods = {
  ...runningMethods,
  ...savedRunMethods,
  ...comparingMethods,
  ...exchangeMethods,
  ...libraryMethods,
  ...interpreterMethods,
  ...dialogMethods,
} as const

type Methods = typeof methods
export type MethodName = keyof Methods
/** As it is sent: what has a default may be left out. */
export type ParametersOf<M extends MethodName> = z.input<Methods[M]['parameters']>
/** As it is received. */
export type CheckedParametersOf<M extends MethodName> = z.infer<Methods[M]['parameters']>
export type ResultOf<M extends MethodName> =
  Methods[M] extends Method<z.ZodType, infer Result> ? Result : never

/** What answers the requests: one function for each method. */
export type Handlers = {
  readonly [M in MethodName]: (parameters: CheckedParametersOf<M>) => Promise<ResultOf<M>>
}

export interface LabRequest {
  readonly method: MethodName
  readonly parameters: unknown
}

/**
 * Takes a message that claims to be a request, and checks it.
 *
 * @throws LabError `bad-request`
 */
export function parseRequest(message: unknown): LabRequest {
  const bad = (what: string) => new LabError('bad-request', `request refused: ${what}`)
  if (typeof message !== 'object' || message === null) throw bad(`${shown(message)} is no request`)
  const { method: name, parameters = {} } = message as { method?: unknown; parameters?: unknown }
  if (typeof name !== 'string' || !Object.hasOwn(methods, name)) {
    throw bad(`${shown(name)} is no method; allowed: ${Object.keys(methods).join(', ')}`)
  }
  const result = methods[name as MethodName].parameters.safeParse(parameters)
  if (!result.success) {
    const { path, message: what } = result.error.issues[0] as z.core.$ZodIssue
    throw bad(`${[name, ...path].map(String).join('.')}: ${what}`)
  }
  return { method: name as MethodName, parameters: result.data }
}
