import { formatBytes } from '../../../shared/format.ts'

/** What something takes on the disk, which is often less than the mebibytes that memory is told in. */
export function formatStored(bytes: number): string {
  if (bytes === 0) return '0'
  if (bytes >= 1024 * 1024) return formatBytes(bytes)
  return `${Math.max(1, Math.round(bytes / 1024)).toLocaleString('en-US')} KiB`
}
