import { randomNumbers } from '../../shared/random.ts'

/** `size` bytes that are the same for the same seed: the low byte of each number of the stream. */
export function randomBuffer(size: number, seed: number): Buffer {
  const next = randomNumbers(seed)
  const buffer = Buffer.allocUnsafeSlow(size)
  for (let at = 0; at < size; at++) buffer[at] = next()
  return buffer
}
