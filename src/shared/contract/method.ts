import * as z from 'zod'

/** What may be asked with which parameters, and what is answered. */
export interface Method<Parameters extends z.ZodType, Result> {
  readonly parameters: Parameters
  /** Never there: carries the type of the result. */
  readonly result?: Result
}

/** Called twice: the result is named, the parameters are known by their schema. */
export function method<Result>() {
  return <P extends z.ZodType>(parameters: P): Method<P, Result> => ({ parameters })
}

export const nothing = z.strictObject({})
export const runId = z.int().positive()
