/** Red, green and blue, 0–255 each. */
export type Rgb = readonly [number, number, number]

const busySteps = 100
const ownSteps = 20

/**
 * The colours of the heat map: along one axis how busy a core was, along the other how much of that was
 * the run's own work. Made once, since a picture takes tens of thousands of them.
 *
 * @param own colours of a core that does the run's work alone, from idle to busy
 * @param others colours of one that does other programs' work alone
 * @returns little-endian RGBA; `heatIndex` says where
 */
export function heatPalette(own: readonly Rgb[], others: readonly Rgb[]): Uint32Array {
  const palette = new Uint32Array((busySteps + 1) * (ownSteps + 1))
  for (let busy = 0; busy <= busySteps; busy++) {
    const ours = between(own, busy / busySteps)
    const theirs = between(others, busy / busySteps)
    for (let share = 0; share <= ownSteps; share++) {
      palette[busy * (ownSteps + 1) + share] = packed(mixed(theirs, ours, share / ownSteps))
    }
  }
  return palette
}

/**
 * Where the colour of a core is in the palette.
 *
 * @param busy busy fraction, 0–1
 * @param own the part of it that is the run's own work; NaN where nobody knows: then it has the colour
 *   of a map that tells how busy cores are and no more
 */
export function heatIndex(busy: number, own: number): number {
  const share = own >= busy || Number.isNaN(own) ? 1 : own / busy
  return Math.round(busy * busySteps) * (ownSteps + 1) + Math.round(share * ownSteps)
}

export function packed([red, green, blue]: Rgb): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0
}

/** A colour at a place, 0–1, of a ramp whose stops lie equally far apart. */
function between(stops: readonly Rgb[], at: number): Rgb {
  const place = at * (stops.length - 1)
  const low = Math.min(stops.length - 2, Math.floor(place))
  return mixed(stops[low] as Rgb, stops[low + 1] as Rgb, place - low)
}

export function mixed(from: Rgb, to: Rgb, share: number): Rgb {
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(from[channel] + (to[channel] - from[channel]) * share)
  return [mix(0), mix(1), mix(2)]
}
