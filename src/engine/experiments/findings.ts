import type { Findings } from '../../shared/model/findings.ts'
import { fewestTrials } from '../analysis/difference.ts'
import { countedTrials } from '../analysis/statistics.ts'
import { experimentOf } from './catalogue.ts'
import type { ExperimentRun } from './experiment.ts'

/** What an experiment has shown, and how little it rests on where that is so; null of any other run. */
export function findingsOf(run: ExperimentRun): Findings | null {
  const experiment = experimentOf(run.plan)
  if (experiment === null) return null
  const findings = experiment.findings(run)
  const caution = tooFew(run)
  return findings.sentences.length === 0 || caution === null
    ? findings
    : { ...findings, cautions: [...findings.cautions, caution] }
}

/** While a run goes on there are more to come. */
function tooFew(run: ExperimentRun): string | null {
  if (run.status === 'running') return null
  const counts = run.configurations.map((each) => countedTrials(run, each).length)
  const fewest = Math.min(...counts.filter((count) => count > 0))
  if (fewest >= fewestTrials) return null
  const trials = fewest === 1 ? '1 trial' : `${fewest} trials`
  return `The figures rest on as few as ${trials} each; from ${fewestTrials} on they come with how sure they are.`
}
