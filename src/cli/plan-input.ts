import { readPlanFile, withPathsFrom } from '../service/plan-file.ts'
import { type FlagForm, type Plan, planFlags } from '../shared/model/plan.ts'
import { LabError, type Problem, shown } from '../shared/model/problem.ts'

type Flags = ReturnType<typeof planFlags>
type Document = Record<string, unknown>

/**
 * The plan as the user wrote it: what the file says, and over it what the flags say.
 *
 * @param given the values of the flags, by their names
 * @param start what there is without a file, as the plan of a saved run
 * @throws LabError `bad-input`, where the file cannot be read as JSON or a flag not be taken apart
 */
export async function planDocument(
  file: string | undefined,
  given: Readonly<Record<string, unknown>>,
  start: Document = {},
): Promise<unknown> {
  const document = file === undefined ? start : await readPlanFile(file)
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return document
  const merged: Document = { ...document }
  // What a flag says about the amount of work stands in for what the file says about it.
  if (given.tasks !== undefined || given.duration !== undefined) {
    delete merged.tasks
    delete merged.duration_s
  }
  // The parameters of a saved run are those of its workload.
  if (file === undefined && given.workload !== undefined && given.workload !== start.workload) {
    delete merged.parameters
  }
  for (const flag of planFlags()) {
    const value = given[optionName(flag)]
    if (value === undefined) continue
    merged[flag.key] =
      flag.form === 'pairs'
        ? { ...(merged[flag.key] as object), ...parsePairs(value as string[], flag) }
        : flag.form === 'paths'
          ? value
          : parseValue(value as string, flag)
  }
  return withPathsFrom(process.cwd(), merged)
}

/** The plan of a saved run as a file that can be run: what it leaves open is not written. */
export function planToRunAgain(plan: Plan): Document {
  return Object.fromEntries(Object.entries(plan).filter(([, value]) => value !== null))
}

/** Problems of a plan as one line, each under the name by which the user gave it. */
export function explainProblems(
  problems: readonly Problem[],
  file: string | undefined,
  given: Readonly<Record<string, unknown>>,
): string {
  const flags = planFlags()
  return problems
    .map(({ path, message }) => `${placeOf(path, file, given, flags)}: ${message}`)
    .join('; ')
}

function placeOf(
  path: string,
  file: string | undefined,
  given: Readonly<Record<string, unknown>>,
  flags: Flags,
): string {
  const key = /^[^.[]*/.exec(path)?.[0]
  const flag = flags.find((each) => each.key === key)
  const parameter = path.startsWith('parameters.') ? path.slice('parameters.'.length) : undefined
  const isGiven =
    flag !== undefined &&
    (parameter === undefined
      ? given[optionName(flag)] !== undefined
      : ((given.param ?? []) as string[]).some((pair) => pair.startsWith(`${parameter}=`)))
  if (flag !== undefined && (isGiven || file === undefined)) {
    return parameter === undefined ? `--${flag.flag}` : `--param ${parameter}`
  }
  return path === '' ? (file ?? 'plan') : `${file ?? 'plan'}: ${path}`
}

/** The name under which commander hands over the value of a flag. */
function optionName({ flag }: Pick<FlagForm, 'flag'>): string {
  return flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** A value that is no number stays a text, so that the schema can say what it is instead. */
export function parseNumber(text: string): number | string {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : text
}

function parseValue(text: string, { form }: FlagForm): unknown {
  if (form === 'number') return parseNumber(text)
  if (form === 'numbers') return text.split(',').map(parseNumber)
  if (form === 'texts') return text.split(',').map((part) => part.trim())
  return text
}

function parsePairs(pairs: readonly string[], { flag }: FlagForm): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) {
        throw new LabError(
          'bad-input',
          `--${flag}: ${shown(pair)} is not allowed; allowed: name=value`,
        )
      }
      return [pair.slice(0, at), parseNumber(pair.slice(at + 1))]
    }),
  )
}
