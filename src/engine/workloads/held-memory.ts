import { randomNumbers } from '../../shared/random.ts'

export const MiB = 1024 * 1024
export const wordsOfMebibyte = MiB / Uint32Array.BYTES_PER_ELEMENT
/** The smallest page of memory there is; larger ones hold whole such. */
export const wordsOfPage = 4096 / Uint32Array.BYTES_PER_ELEMENT
/** Workers that a plan may have: page number times this plus the worker's fits a word to the last. */
export const mostWorkers = 4096

/**
 * Makes memory be really there: every page is written, and begins with a mark of its own (its number
 * and the holder's), so that no kernel finds two pages alike and keeps one for both, or packs them away.
 *
 * @param memory whole mebibytes; all are alike but for the marks
 * @param holder number of the worker that holds it, from 0
 */
export function fillMemory(memory: Uint32Array, seed: number, holder: number): void {
  const next = randomNumbers(seed)
  for (let at = 0; at < wordsOfMebibyte; at++) memory[at] = next()
  for (let at = wordsOfMebibyte; at < memory.length; at += wordsOfMebibyte) {
    memory.copyWithin(at, 0, wordsOfMebibyte)
  }
  for (let at = 0; at < memory.length; at += wordsOfPage) {
    memory[at] = (at / wordsOfPage) * mostWorkers + holder
  }
}
