/** Shows saved runs beside each other, the first one as that which the others are held against. */
export function goToComparison(runs: readonly number[]): void {
  location.hash = `#/compare?sides=${runs.join(',')}`
}
