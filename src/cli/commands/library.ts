import { resolve } from 'node:path'
import { formatStored } from '../../shared/format.ts'
import type { LibraryState } from '../../shared/model/library.ts'
import { LabError } from '../../shared/model/problem.ts'
import { type ExitCode, exitCodes, type Shell } from '../shell.ts'
import { onStopSignal } from '../stop-signal.ts'
import { countOf } from './runs.ts'

/** `corescope library`: what there is, and what it takes. */
export async function libraryCommand(
  { lab, print }: Shell,
  { json }: { readonly json?: boolean },
): Promise<ExitCode> {
  const state = await lab.library.state()
  print(json ? `${JSON.stringify(state, null, 2)}\n` : stateReport(state))
  return exitCodes.done
}

function stateReport(state: LibraryState): string {
  const { size_bytes, reclaimable_bytes, sample_bytes, runs, runs_away } = state
  const away = runs_away === 0 ? '' : ` · ${count(runs_away)} deleted that can still be restored`
  const lines = [`${state.path}${state.read_only ? ' · can only be read' : ''}`]
  if (size_bytes === null) lines.push('there is no database yet; "corescope run" makes it')
  else {
    lines.push(`${count(runs)}${away}`)
    lines.push(`${formatStored(size_bytes)}, of which samples ${formatStored(sample_bytes)}`)
    if (reclaimable_bytes > 0) {
      const what = `${formatStored(reclaimable_bytes)} of it are empty`
      lines.push(`${what}; "corescope library compact" gives them back`)
    }
  }
  lines.push(policyLine(state.policy.thin_after_days))
  return `${lines.join('\n')}\n`
}

const count = (runs: number) => `${runs.toLocaleString('en-US')} ${runs === 1 ? 'run' : 'runs'}`

const policyLine = (days: number | null) =>
  days === null
    ? 'samples are kept for ever; "corescope library thin --after DAYS" thins those of older runs'
    : `samples of runs older than ${days === 1 ? 'a day' : `${days} days`} are thinned to what their charts show; results, baselines and kept runs never`

/** `corescope library thin`: says or sets from what age on samples are thinned, and thins now. */
export async function thinCommand(
  { lab, print, tell }: Shell,
  { after, now = false }: { readonly after?: string; readonly now?: boolean },
): Promise<ExitCode> {
  if (after !== undefined) {
    const days = after === 'never' ? null : daysOf(after)
    await lab.library.setPolicy({ thin_after_days: days })
  }
  const { policy } = await lab.library.state()
  print(`${policyLine(policy.thin_after_days)}\n`)
  if (policy.thin_after_days === null) {
    if (now)
      throw new LabError(
        'bad-input',
        '--now: from what age on is missing; allowed: with --after DAYS',
      )
    return exitCodes.done
  }
  if (now) {
    const { runs, bytes } = await lab.library.thin()
    tell(`thinned ${count(runs)}: ${formatStored(bytes)} of samples\n`)
    return exitCodes.done
  }
  const { runs, bytes } = await lab.library.thinnable()
  if (runs > 0) {
    const what = `${count(runs)} with ${formatStored(bytes)} of samples`
    tell(`${what} will be thinned little by little; --now thins them at once\n`)
  }
  return exitCodes.done
}

/** @throws LabError `bad-input` */
function daysOf(text: string): number {
  try {
    return countOf('--after', text, 36_500)
  } catch (error) {
    throw new LabError('bad-input', `${(error as Error).message}, or never`)
  }
}

/** `corescope library compact` */
export async function compactCommand({ lab, tell }: Shell): Promise<ExitCode> {
  const before = (await lab.library.state()).size_bytes ?? 0
  await lab.library.compact()
  const after = (await lab.library.state()).size_bytes ?? 0
  tell(
    `gave back ${formatStored(Math.max(0, before - after))}; the library takes ${formatStored(after)}\n`,
  )
  return exitCodes.done
}

/** `corescope library backup FILE` */
export async function backupCommand(
  { lab, tell, isTerminal }: Shell,
  file: string,
): Promise<ExitCode> {
  const abort = new AbortController()
  const release = onStopSignal(() => abort.abort())
  let told = 0
  try {
    await lab.library.backup(file, {
      signal: abort.signal,
      progress(share) {
        const percent = Math.floor(share * 100)
        if (!isTerminal || percent === told) return
        told = percent
        tell(`\r${percent} %`)
      },
    })
    if (told > 0) tell('\r')
    tell(`wrote ${resolve(file)}\n`)
    return exitCodes.done
  } catch (error) {
    if (told > 0) tell('\r')
    if (!abort.signal.aborted) throw error
    tell('the backup was stopped; nothing is left of it\n')
    return exitCodes.interrupted
  } finally {
    release()
  }
}
