import type { Run } from '../../../shared/model/run.ts'
import { fewestTrials } from '../difference.ts'
import { hasOneBasis } from '../pairs.ts'
import type { SavedSide } from './sides.ts'

/**
 * What makes the figures of a comparison less sure: of the sides, of what they do not share, and the
 * warnings of each run, each with the sides that it is about.
 *
 * @param compared the sides of which a pair is compared
 */
export function cautionsOf(compared: readonly SavedSide[], acrossMachines: boolean): string[] {
  if (compared.length === 0) return []
  return [
    ...(acrossMachines ? machines(compared) : []),
    ...few(compared),
    ...sampling(compared),
    ...[...Map.groupBy(compared, ({ run }) => run)].flatMap(([run, sides]) =>
      ofRun(run, sides).map((text) => `${placeOf(run, sides)}: ${text}`),
    ),
  ]
}

/** "run 12 (A, C)" */
function placeOf(run: Run, sides: readonly SavedSide[]): string {
  return `run ${run.id} (${lettersOf(sides)})`
}

function lettersOf(sides: readonly SavedSide[]): string {
  return sides.map(({ letter }) => letter).join(', ')
}

function machines(sides: readonly SavedSide[]): string[] {
  const names = new Set(sides.map(({ run }) => run.machine ?? 'unknown'))
  if (names.size < 2) return []
  return [
    `the machines differ (${[...names].join(', ')}): what is found is of machine and software together`,
  ]
}

function few(sides: readonly SavedSide[]): string[] {
  const counts = Map.groupBy(
    sides.filter(({ counted }) => counted.length < fewestTrials),
    ({ counted }) => counted.length,
  )
  return [...counts].map(([count, having]) => {
    const verb = having.length === 1 ? 'has' : 'have'
    const trials = count === 1 ? '1 trial' : `${count} trials`
    return `${lettersOf(having)} ${verb} ${trials}: a winner is named from ${fewestTrials} a side on`
  })
}

/** What was read in different ways is not the same figure to the last digit. */
function sampling(sides: readonly SavedSide[]): string[] {
  const cautions: string[] = []
  const differ = (what: string, of: (side: SavedSide) => string | undefined, why: string) => {
    const told = sides.map((side) => ({ side, value: of(side) }))
    const values = Map.groupBy(
      told.filter(({ value }) => value !== undefined),
      ({ value }) => value,
    )
    if (values.size < 2) return
    const each = [...values].map(
      ([value, having]) => `${lettersOf(having.map(({ side }) => side))} ${value}`,
    )
    cautions.push(`${what} differs (${each.join('; ')}): ${why}`)
  }
  differ(
    'what read the samples',
    ({ run }) => run.environment?.sampling_provider,
    'memory, saturation and what watching costs are found in different ways',
  )
  differ(
    'the sampling interval',
    ({ run }) => `${run.plan.interval_ms} ms`,
    'peaks and migrations are seen more often where it is shorter',
  )
  if (!hasOneBasis(sides)) {
    cautions.push(
      'memory per worker was found from PSS on one side and from RSS on another: the two are not compared',
    )
  }
  return cautions
}

function ofRun(run: Run, sides: readonly SavedSide[]): string[] {
  const told: string[] = []
  if (run.status !== 'done') {
    told.push(
      `${run.status}${run.reason === null ? '' : `: ${run.reason}`}; the trials that ended well are compared`,
    )
  }
  const ids = new Set(sides.map(({ configuration }) => configuration.id))
  const lost = run.trials.filter(
    ({ status, warm_up, configuration_id }) =>
      !warm_up && ids.has(configuration_id) && (status === 'void' || status === 'failed'),
  )
  if (lost.length > 0) {
    told.push(
      `${lost.length === 1 ? '1 trial is' : `${lost.length} trials are`} void or failed, and left out`,
    )
  }
  if (run.thinned_at !== null) {
    told.push('its samples were thinned: what is drawn over time is the overview that was kept')
  }
  return [...told, ...run.warnings.map(({ message }) => message)]
}
