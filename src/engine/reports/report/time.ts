import { formatTime } from '../../../shared/format.ts'

/** When, in the time zone of who writes the report, which it names: it may be read in another. */
export function zonedTime(iso: string): string {
  const minutes = -new Date(iso).getTimezoneOffset()
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  const two = (part: number) => String(part).padStart(2, '0')
  const away = minutes === 0 ? '' : `${minutes < 0 ? '−' : '+'}${two(hours)}:${two(rest)}`
  return `${formatTime(iso)} (UTC${away})`
}
