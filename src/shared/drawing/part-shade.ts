/** How much of the surface's colour a part of a stacked bar has: the first none, the last most. */
export function shadeOf(part: number, parts: number): number {
  return parts < 2 ? 0 : (part / (parts - 1)) * 0.76
}
