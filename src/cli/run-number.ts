import { LabError, shown } from '../shared/model/problem.ts'

/** A run as it is named in the terminal. */
export function runNumber(name: string): number | 'last' {
  if (name === 'last') return name
  if (/^[1-9]\d{0,14}$/.test(name)) return Number(name)
  throw new LabError(
    'bad-input',
    `RUN: ${shown(name)} is not allowed; allowed: a number that "corescope runs" lists, or last`,
  )
}
