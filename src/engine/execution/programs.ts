/** Paths of the built programs. The composition root of a shell knows them; nobody else guesses. */
export interface Programs {
  readonly host: string
  readonly reaper: string
  readonly expectation: string
  readonly httpServer: string
  readonly sampler: string
}
