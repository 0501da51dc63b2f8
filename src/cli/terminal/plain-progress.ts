import { configurationNames } from '../../shared/chart-names.ts'
import { formatBytes, formatMs, formatNumber, formatText } from '../../shared/format.ts'
import type { Plan } from '../../shared/model/plan.ts'
import type { RunEvent } from '../../shared/model/progress.ts'
import { ranProbe } from '../../shared/model/run.ts'

/** One line for each trial that has ended, for where nothing can be drawn in place. */
export function plainProgress(tell: (line: string) => void) {
  let plan: Plan | null = null
  let trials = ''
  let names: ReadonlyMap<number, string> = new Map()
  return {
    hear(event: RunEvent): void {
      if (event.type === 'run-started') {
        plan = event.plan
        names = configurationNames(event.configurations)
        trials = `${event.plan.repeat === 'auto' ? '≤' : ''}${event.trialsPlanned}`
      }
      if (event.type !== 'trial-ended') return
      const { trial, configuration } = event
      const { wall_ms, throughput_per_s, cores_used, peak_rss_bytes } = trial.metrics
      const isProbe = plan !== null && ranProbe({ plan, trials: [trial] })
      const figures =
        trial.status === 'done'
          ? [
              `wall ${formatMs(Number(wall_ms))}`,
              ...(isProbe
                ? []
                : [
                    `${formatNumber(Number(throughput_per_s))} tasks/s`,
                    `${formatNumber(Number(cores_used))} cores`,
                    `peak RSS ${formatBytes(Number(peak_rss_bytes))}`,
                  ]),
            ]
          : [`${trial.status}: ${formatText(trial.reason ?? '', 200)}`]
      const name = `trial ${trial.ordinal + 1}/${trials}${trial.warm_up ? ' (warm-up)' : ''}`
      tell(`${name}  ${names.get(configuration.id) ?? ''}  ${figures.join('  ')}\n`)
    },
    close(): void {},
  }
}
