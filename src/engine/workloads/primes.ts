import { defineWorkload } from './workload.ts'

export default defineWorkload({
  name: 'primes',
  kind: 'cpu',
  description: 'counts the primes below n by trial division: pure computation, hardly any memory',
  parameters: {
    n: {
      description: 'numbers looked at in a task',
      unit: 'numbers',
      minimum: 2,
      maximum: 20_000_000,
      default: 100_000,
      whole: true,
    },
  },
  needs: 'nothing',
  memoryBytes: () => 0,
  prepare: ({ n }) => ({ task: () => countPrimes(n) }),
  expected: ({ n }) => [sievePrimes(n)],
})

/** Number of primes below `n`, each candidate divided by the odd numbers up to its root. */
export function countPrimes(n: number): number {
  let count = n > 2 ? 1 : 0
  for (let candidate = 3; candidate < n; candidate += 2) {
    let divisor = 3
    while (divisor * divisor <= candidate && candidate % divisor !== 0) divisor += 2
    if (divisor * divisor > candidate) count++
  }
  return count
}

/** The same number by the sieve of Eratosthenes, which shares no step with trial division. */
export function sievePrimes(n: number): number {
  const composite = new Uint8Array(Math.max(n, 2))
  let count = 0
  for (let number = 2; number < n; number++) {
    if (composite[number] === 1) continue
    count++
    for (let multiple = number * number; multiple < n; multiple += number) composite[multiple] = 1
  }
  return count
}
