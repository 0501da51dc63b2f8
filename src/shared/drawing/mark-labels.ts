/** A text at a place of an axis, in pixels. */
export interface MarkLabel {
  readonly at: number
  readonly width: number
}

export interface PlacedLabel {
  readonly left: number
  /** From 0, the uppermost. */
  readonly row: number
}

/** Pixels between two texts of a row. */
const apart = 10

/**
 * Gives each text a row in which it touches no other, as high as there is room. Each stands over its
 * place, or as near to it as the ends allow.
 */
export function placeLabels(
  labels: readonly MarkLabel[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly PlacedLabel[] {
  const placed: PlacedLabel[] = []
  /** Where each row is free again. */
  const rows: number[] = []
  const order = labels.map((_, at) => at).sort((a, b) => leftOf(labels[a]) - leftOf(labels[b]))
  for (const at of order) {
    const label = labels[at] as MarkLabel
    const left = leftOf(label)
    const free = rows.findIndex((end) => end + apart <= left)
    const row = free === -1 ? rows.length : free
    rows[row] = left + label.width
    placed[at] = { left, row }
  }
  return placed

  function leftOf(label: MarkLabel | undefined): number {
    if (label === undefined) return 0
    return Math.max(from, Math.min(to - label.width, label.at - label.width / 2))
  }
}
