/** 97.5 % of a standard normal distribution lie below it. */
const z = 1.959963984540054

/**
 * 95 % score interval of a proportion (E. B. Wilson, "Probable Inference, the Law of Succession, and
 * Statistical Inference", 1927, without correction for continuity): it stays within 0 and 1, and says
 * something even where all or none of the cases are hits.
 *
 * @param hits of `cases`, which are at least one
 */
export function wilsonInterval(hits: number, cases: number): readonly [low: number, high: number] {
  const share = hits / cases
  const middle = share + z ** 2 / (2 * cases)
  const half = z * Math.sqrt((share * (1 - share)) / cases + z ** 2 / (4 * cases ** 2))
  const whole = 1 + z ** 2 / cases
  // At the ends rounding would leave a trace of a case that was not there.
  return [hits === 0 ? 0 : (middle - half) / whole, hits === cases ? 1 : (middle + half) / whole]
}
