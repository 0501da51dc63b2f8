/** The laws that throughput is held against: each says how often the throughput of one worker N workers give. */
export type LawName = 'amdahl' | 'gustafson' | 'usl'

/**
 * A law X(N) = λ · C(N), where λ is the throughput of one worker and C(1) = 1. Its other parameters
 * shape C; each is a share of the work, or of a worker's time, from 0 to 1.
 */
export interface Law<Key extends string = string> {
  readonly name: LawName
  /** As within a sentence. */
  readonly title: string
  readonly keys: readonly Key[]
  /** Below so many numbers of workers it is not fitted. */
  readonly fewestPoints: number
  /** Values from which the best fit is looked for, of each parameter. */
  readonly starts: readonly (readonly number[])[]
  /** C(N), of N ≥ 1. */
  capacity(workers: number, shape: readonly number[]): number
  /** The derivatives of C(N) by each of the parameters. */
  slopes(workers: number, shape: readonly number[]): number[]
}

const shares = [0, 0.01, 0.03, 0.1, 0.3, 0.6, 0.9]
const smallShares = [0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1]

/**
 * Work of which a part cannot be split (G. M. Amdahl, "Validity of the single processor approach to
 * achieving large scale computing capabilities", 1967): C = 1 / (s + (1 − s)/N).
 */
export const amdahl: Law<'serial'> = {
  name: 'amdahl',
  title: 'Amdahl’s law',
  keys: ['serial'],
  fewestPoints: 2,
  starts: [shares],
  capacity: (n, [serial = 0]) => n / (1 + serial * (n - 1)),
  slopes: (n, [serial = 0]) => [(-n * (n - 1)) / (1 + serial * (n - 1)) ** 2],
}

/**
 * Work that grows with the workers, but for a part (J. L. Gustafson, "Reevaluating Amdahl's Law",
 * 1988): C = s + (1 − s) N.
 */
export const gustafson: Law<'serial'> = {
  name: 'gustafson',
  title: 'Gustafson’s law',
  keys: ['serial'],
  fewestPoints: 2,
  starts: [shares],
  capacity: (n, [serial = 0]) => n - serial * (n - 1),
  slopes: (n) => [1 - n],
}

/**
 * Workers that wait for each other (σ, contention) and keep each other informed (κ, coherency), the
 * latter at a cost that grows with the pairs of them (N. J. Gunther, "Guerrilla Capacity Planning",
 * 2007, chapters 4 and 5): C = N / (1 + σ (N − 1) + κ N (N − 1)).
 */
export const usl: Law<'sigma' | 'kappa'> = {
  name: 'usl',
  title: 'the Universal Scalability Law',
  keys: ['sigma', 'kappa'],
  fewestPoints: 4,
  starts: [shares, smallShares],
  capacity: (n, [sigma = 0, kappa = 0]) => n / (1 + sigma * (n - 1) + kappa * n * (n - 1)),
  slopes: (n, [sigma = 0, kappa = 0]) => {
    const bySigma = (-n * (n - 1)) / (1 + sigma * (n - 1) + kappa * n * (n - 1)) ** 2
    return [bySigma, bySigma * n]
  },
}

const laws: Readonly<Record<LawName, Law>> = { amdahl, gustafson, usl }

/** X(N) as a law with these parameters has it, in the unit of λ. */
export function throughputAt(
  law: LawName,
  parameters: Readonly<Record<string, number>>,
  workers: number,
): number {
  const { keys, capacity } = laws[law]
  const shape = keys.map((key) => parameters[key] ?? Number.NaN)
  return (parameters.lambda ?? Number.NaN) * capacity(workers, shape)
}

/**
 * Where the Universal Scalability Law has its most throughput, not rounded: sqrt((1 − σ)/κ), and not
 * below 1 (Gunther 2007, formula 4.33).
 *
 * @returns Infinity where κ is 0
 */
export function peakOf(sigma: number, kappa: number): number {
  return kappa > 0
    ? Math.max(1, Math.sqrt(Math.max(0, 1 - sigma) / kappa))
    : Number.POSITIVE_INFINITY
}
