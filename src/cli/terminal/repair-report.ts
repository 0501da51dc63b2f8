import { basename } from 'node:path'
import { formatBytes } from '../../shared/format.ts'
import type { RepairOutcome, SalvagedDatabase, Tally } from '../../shared/model/repair.ts'

/** What a repair has come to, and what is to be done next. */
export function repairReport(outcome: RepairOutcome): string {
  const { path, size_bytes: size } = outcome
  if (outcome.state === 'sound') {
    return `${path} is sound: ${counted(outcome.runs, 'run')} in ${formatBytes(size)}, every page, index and reference checked. Nothing was changed.\n`
  }
  return [
    `${path} is damaged: ${outcome.problems[0]}${more(outcome.problems.length - 1)}`,
    '',
    `Saved in ${outcome.out}`,
    ...savedLines(outcome),
    '',
    `${path} is as it was. To look at what was saved:`,
    `  corescope runs --db ${quoted(outcome.out)}`,
    'To put it in the place of the old one, close Corescope everywhere and rename:',
    ...renamings(outcome),
    '',
  ].join('\n')
}

function savedLines({
  runs,
  trials,
  chunks,
  others,
  incomplete_trials: incomplete,
  unknown,
  is_whole: isWhole,
}: SalvagedDatabase): string[] {
  const line = (name: string, { saved, lost }: Tally) =>
    `  ${name.padEnd(18)}${whole(saved).padStart(10)} saved  ${whole(lost).padStart(10)} lost`
  return [
    line('runs', runs),
    line('trials', trials),
    line('chunks of samples', chunks),
    line('other rows', others),
    ...(incomplete > 0
      ? [
          `  ${counted(incomplete, 'trial')} of those saved without everything of it; its run says so`,
        ]
      : []),
    ...(unknown > 0
      ? [
          `  ${counted(unknown, 'part')} of the file could not be read, and nothing tells what was there`,
        ]
      : []),
    isWhole ? '  nothing is lost' : '  what is lost cannot be had back from this file',
  ]
}

/** The old one's WAL would be taken for the new one's. */
function renamings({ path, out }: SalvagedDatabase): string[] {
  const aside = (part: string) =>
    `  ${quoted(basename(path) + part)} → ${quoted(`${basename(path)}.damaged${part}`)}`
  return [
    aside(''),
    `${aside('-wal')}, and so with -shm, where they are there`,
    `  ${quoted(basename(out))} → ${quoted(basename(path))}`,
  ]
}

function counted(count: number, noun: string): string {
  return `${whole(count)} ${noun}${count === 1 ? '' : 's'}`
}

function more(count: number): string {
  return count === 0 ? '' : `, and ${count} more`
}

function whole(count: number): string {
  return count.toLocaleString('en-US')
}

function quoted(path: string): string {
  return /^[\w./\\:@+-]+$/.test(path) ? path : JSON.stringify(path)
}
