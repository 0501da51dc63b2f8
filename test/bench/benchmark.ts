import { median } from 'simple-statistics'

/** One figure that is asked of the project. */
export interface Benchmark {
  readonly name: string
  /** What is asked, in words. */
  readonly asked: string
  readonly unit: string
  measure(): Promise<number>
  isMet(measured: number): boolean
}

/** Median of the ratios a : b, measured in turn, the first of each pair alternating. */
export async function medianRatio(
  pairs: number,
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<number> {
  const ratios: number[] = []
  for (let pair = 0; pair < pairs; pair++) {
    if (pair % 2 === 0) {
      const first = await a()
      ratios.push(first / (await b()))
    } else {
      const first = await b()
      ratios.push((await a()) / first)
    }
  }
  console.error(`  pairs     ${ratios.map((ratio) => ratio.toFixed(3)).join(' ')}`)
  return median(ratios)
}
