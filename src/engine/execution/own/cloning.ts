import { printable } from '../../../shared/model/problem.ts'

/** How deep and how wide a value is searched for what cannot be cloned. */
const deepest = 8
const widest = 1000

/**
 * Names the part of a value that cannot be cloned, as `output.rows[2].callback`, and says why.
 *
 * @param name of the whole
 * @param error what was thrown when it was sent
 */
export function whyNotCloned(value: unknown, name: string, error: unknown): string {
  let part = value
  let path = name
  let why = error
  for (let depth = 0; depth < deepest; depth++) {
    const inner = uncloneablePart(part)
    if (inner === null) break
    part = inner.value
    path += inner.step
    why = inner.error
  }
  const [reason = ''] = (why instanceof Error ? why.message : String(why)).split('\n')
  return printable(`${path} cannot be cloned: ${reason.slice(0, 200)}`)
}

function uncloneablePart(value: unknown) {
  if (typeof value !== 'object' || value === null) return null
  for (const [key, each] of partsOf(value)) {
    try {
      structuredClone(each)
    } catch (error) {
      return { value: each, step: Array.isArray(value) ? `[${key}]` : `.${key}`, error }
    }
  }
  return null
}

/** Asked for its parts, a proxy or a getter may throw. */
function partsOf(value: object): [string, unknown][] {
  try {
    return Object.entries(value).slice(0, widest)
  } catch {
    return []
  }
}

/** Whether a thread could be sent it. */
export function isCloneable(value: unknown): boolean {
  try {
    structuredClone(value)
    return true
  } catch {
    return false
  }
}
