import type { SelfTestPart } from '../../shared/model/self-test.ts'

/** A part that could not be measured though it should have been. */
export function missing(
  kind: Pick<SelfTestPart, 'figure' | 'contest' | 'how' | 'unit'>,
  asked: string,
  why: string,
): SelfTestPart {
  return { ...kind, asked, measured: null, interval: null, ok: false, found: why, readings: [] }
}
