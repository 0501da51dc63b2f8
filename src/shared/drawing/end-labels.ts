/** A letter that stands at the end of a line, in pixels. */
export interface EndLabel {
  readonly x: number
  readonly y: number
}

/** How much room a letter takes. */
const room = { width: 14, height: 14 } as const

/**
 * Moves letters up or down until none covers another, each as near to the end of its line as can be.
 *
 * @param bounds between which all stay, as long as there is room
 */
export function placeEnds(
  ends: readonly EndLabel[],
  { top, bottom }: { readonly top: number; readonly bottom: number },
): readonly EndLabel[] {
  const placed: EndLabel[] = []
  const order = ends.map((_, at) => at).sort((a, b) => (ends[a]?.y ?? 0) - (ends[b]?.y ?? 0))
  const taken: EndLabel[] = []
  for (const at of order) {
    const { x, y: ended } = ends[at] as EndLabel
    // A line may end where no letter has room: then the letter begins at the bound, not far from it.
    const y = Math.max(top, Math.min(bottom, ended))
    const isFree = (height: number) =>
      taken.every(
        (each) => Math.abs(each.x - x) >= room.width || Math.abs(each.y - height) >= room.height,
      )
    // The free places next to the others, above or below them, and its own.
    const places = [y, ...taken.flatMap((each) => [each.y - room.height, each.y + room.height])]
      .filter((height) => height >= top && height <= bottom && isFree(height))
      .sort((a, b) => Math.abs(a - y) - Math.abs(b - y))
    const end = { x, y: places[0] ?? y }
    taken.push(end)
    placed[at] = end
  }
  return placed
}
