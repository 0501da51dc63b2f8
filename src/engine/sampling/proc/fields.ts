const space = 0x20
const newline = 0x0a
const zero = 0x30
const nine = 0x39
const closing = 0x29

/**
 * Numbers of a line whose fields are separated by single spaces, without making a text of it first:
 * some hundred such lines are read at every sample.
 *
 * @param from where the first field begins
 * @param wanted which fields, from 0, in ascending order
 * @returns NaN for one that is not there, or no whole number
 */
export function numbersAt(line: Buffer, from: number, wanted: readonly number[]): number[] {
  const found: number[] = []
  let field = 0
  let at = from
  for (const index of wanted) {
    while (field < index && at < line.length) if (line[at++] === space) field++
    let value = Number.NaN
    for (; at < line.length; at++) {
      const digit = line[at] as number
      if (digit < zero || digit > nine) break
      value = (Number.isNaN(value) ? 0 : value * 10) + (digit - zero)
    }
    const isOver = at >= line.length || line[at] === space || line[at] === newline
    found.push(isOver ? value : Number.NaN)
  }
  return found
}

/**
 * Where the third field of a `stat` file begins: the second is a name in parentheses, which may hold
 * spaces and parentheses of its own (proc_pid_stat(5)).
 */
export function afterName(stat: Buffer): number {
  return stat.lastIndexOf(closing) + 2
}
