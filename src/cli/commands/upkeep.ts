import { formatText, formatTime } from '../../shared/format.ts'
import { keptAwayDays, type RunEdit } from '../../shared/model/library.ts'
import { labelSchema, notesSchema } from '../../shared/model/plan.ts'
import { LabError } from '../../shared/model/problem.ts'
import { tagSchema, tagsSchema } from '../../shared/model/tag.ts'
import { workloadName } from '../../shared/model/workload.ts'
import { runNumber } from '../run-number.ts'
import { type ExitCode, exitCodes, type Shell } from '../shell.ts'
import { renderTable } from '../terminal/table.ts'

export interface EditOptions {
  readonly label?: string
  readonly notes?: string
  readonly tag?: readonly string[]
  readonly untag?: readonly string[]
  readonly keep?: boolean
}

/** `corescope edit RUN` */
export async function editCommand(
  { lab, tell }: Shell,
  name: string,
  options: EditOptions,
): Promise<ExitCode> {
  const { label, notes, tag = [], untag = [], keep } = options
  if (Object.keys(options).every((option) => option === 'db')) {
    const allowed = '--label, --notes, --tag, --untag, --keep, --no-keep'
    throw new LabError('bad-input', `edit: nothing is said to change; allowed: ${allowed}`)
  }
  if (label !== undefined) check('--label', labelSchema, label)
  if (notes !== undefined) check('--notes', notesSchema, notes)
  for (const each of tag) check('--tag', tagSchema, each)
  const { id, tags } = await lab.library.find(runNumber(name))
  const edit: RunEdit = { label, notes, isKept: keep }
  const wanted = [...new Set([...tags.filter((each) => !untag.includes(each)), ...tag])]
  const isTagged = tag.length + untag.length > 0
  if (isTagged) check('--tag', tagsSchema, wanted)
  const run = await lab.library.edit(id, isTagged ? { ...edit, tags: wanted } : edit)
  const words = [`run ${id}: ${run.label === '' ? 'no label' : formatText(run.label)}`]
  if (run.tags.length > 0) words.push(`tagged ${formatText(run.tags.join(', '), 200)}`)
  if (run.is_kept) words.push('its samples are kept')
  tell(`${words.join(' · ')}\n`)
  return exitCodes.done
}

/** `corescope baseline [RUN]` */
export async function baselineCommand(
  { lab, print, tell }: Shell,
  name: string | undefined,
  { clear = false }: { readonly clear?: boolean },
): Promise<ExitCode> {
  if (name === undefined) {
    if (clear)
      throw new LabError('bad-input', '--clear: of which run is missing; allowed: with RUN')
    print(await baselineTable(lab))
    return exitCodes.done
  }
  const { id, plan } = await lab.library.find(runNumber(name))
  const before = (await lab.library.baselines()).find(({ workload }) => workload === plan.workload)
  await lab.library.setBaseline(id, !clear)
  const workload = formatText(workloadName(plan.workload))
  if (!clear) {
    const instead =
      before === undefined || before.run === id ? '' : `, in place of run ${before.run}`
    tell(`run ${id} is the baseline of ${workload}${instead}\n`)
  } else if (before?.run === id) tell(`run ${id} is no longer the baseline of ${workload}\n`)
  else tell(`run ${id} is no baseline; nothing was changed\n`)
  return exitCodes.done
}

async function baselineTable(lab: Shell['lab']): Promise<string> {
  const baselines = await lab.library.baselines()
  if (baselines.length === 0) return 'no run is a baseline; "corescope baseline RUN" makes one\n'
  const rows = await Promise.all(
    baselines.map(async ({ workload, run }) => {
      const { label, started_at } = await lab.library.find(run)
      const name = formatText(workloadName(workload), 32)
      return [name, String(run), formatText(label, 32), formatTime(started_at)]
    }),
  )
  const sides = ['left', 'right', 'left', 'left'] as const
  return `${renderTable(['workload', 'run', 'label', 'when'], rows, sides)}\n`
}

/** `corescope delete RUN` */
export async function deleteCommand(
  { lab, tell }: Shell,
  name: string,
  { now = false }: { readonly now?: boolean },
): Promise<ExitCode> {
  const number = runNumber(name)
  if (now) {
    tell(`deleted run ${await lab.library.delete(number)} for good\n`)
    return exitCodes.done
  }
  const { id } = await lab.library.find(number)
  await lab.library.putAway(id)
  tell(`deleted run ${id}; "corescope restore ${id}" brings it back for ${keptAwayDays} days\n`)
  return exitCodes.done
}

/** `corescope restore RUN` */
export async function restoreCommand({ lab, tell }: Shell, name: string): Promise<ExitCode> {
  const number = runNumber(name)
  if (number === 'last') {
    const allowed = 'a number that "corescope runs --away" lists'
    throw new LabError('bad-input', `RUN: "last" is not allowed; allowed: ${allowed}`)
  }
  await lab.library.bringBack(number)
  tell(`run ${number} is back\n`)
  return exitCodes.done
}

interface Schema {
  safeParse(value: unknown): {
    readonly success: boolean
    readonly error?: { readonly issues: readonly { readonly message: string }[] } | undefined
  }
}

function check(flag: string, schema: Schema, value: unknown): void {
  const { error } = schema.safeParse(value)
  if (error !== undefined) throw new LabError('bad-input', `${flag}: ${error.issues[0]?.message}`)
}
