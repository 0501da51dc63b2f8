import { LabError } from '../../shared/model/problem.ts'

export function noSuchTrial(id: number, path: string): LabError {
  return new LabError('not-found', `there is no trial ${id} in ${path}; its run may be deleted`)
}

/** @param isAway it was put away, and can be brought back */
export function noSuchRun(id: number | 'last', path: string, isAway = false): LabError {
  if (isAway) {
    return new LabError(
      'not-found',
      `there is no run ${id} in ${path} any more; "corescope restore ${id}" brings it back`,
    )
  }
  const message =
    id === 'last'
      ? `no run is kept yet in ${path}; "corescope run" makes the first`
      : `there is no run ${id} in ${path}; "corescope runs" lists them`
  return new LabError('not-found', message)
}
