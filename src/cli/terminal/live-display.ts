import { createLogUpdate } from 'log-update'
import { configurationNames } from '../../shared/chart-names.ts'
import { formatBytes, formatNumber, formatSpan, formatText } from '../../shared/format.ts'
import type { LiveReading, RunEvent } from '../../shared/model/progress.ts'
import type { Configuration } from '../../shared/model/run.ts'
import { timeLeft } from '../../shared/time-left.ts'

interface Current {
  readonly configuration: Configuration
  readonly ordinal: number
  readonly warmUp: boolean
  phase: string
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** The run as it goes, drawn in place at the foot of a terminal, and gone at the end. */
export function liveDisplay(stream: NodeJS.WriteStream, workload: string) {
  const update = createLogUpdate(stream)
  const left = timeLeft(() => performance.now())
  let trials = 0
  let names: ReadonlyMap<number, string> = new Map()
  /** Set where the run may end before its last planned trial. */
  let atMost = ''
  let current: Current | undefined

  const draw = (live: LiveReading | null) => {
    if (current === undefined) return
    const { configuration, ordinal, warmUp, phase } = current
    const remaining = left.ms()
    const trial = `trial ${ordinal + 1} of ${atMost}${trials}${warmUp ? ' (warm-up)' : ''}`
    const time = remaining === null ? '' : `${atMost}${formatSpan(remaining)} left`
    const width = stream.columns ?? 80
    const heads = headLines(
      [workload, trial, time],
      [names.get(configuration.id) ?? '', phase],
      width,
      Math.max(0, ...[...names.values()].map((name) => name.length)),
    )
    const rows = Math.max(1, (stream.rows ?? 24) - 2 - heads.length)
    const lines = [
      ...heads,
      ...coreLines(live?.busy ?? [], width, rows),
      live === null ? '' : treeLine(live),
    ]
    update(lines.join('\n'))
  }

  return {
    hear(event: RunEvent): void {
      left.hear(event)
      switch (event.type) {
        case 'run-started':
          trials = event.trialsPlanned
          names = configurationNames(event.configurations)
          atMost = event.plan.repeat === 'auto' ? 'at most ' : ''
          return
        case 'preparing':
          update(`${event.what} …`)
          return
        case 'trial-started':
          current = { ...event, phase: 'starting' }
          draw(null)
          return
        case 'phase':
          if (current !== undefined) current.phase = event.name
          return
        case 'live':
          draw(event.live)
          return
        case 'run-ended':
          update.clear()
      }
    },
    close(): void {
      update.clear()
      // Gives the cursor back.
      update.done()
    },
  }
}

/** Of a phase, and of what else grows and shrinks while a run goes. */
const roomOfHead = 58

/**
 * The run and its trial, on one line; on two where a run's names are so long that one would not hold all
 * of them: the display is to keep its height. What is longer than the terminal is cut.
 *
 * @param longest the most characters that a configuration's name has
 */
export function headLines(
  [workload, trial, time]: readonly [workload: string, trial: string, time: string],
  [name, phase]: readonly [name: string, phase: string],
  width: number,
  longest: number,
): string[] {
  const isOne = workload.length + longest + roomOfHead <= width
  const lines = isOne
    ? [[workload, trial, name, phase, time]]
    : [
        [workload, trial, time],
        [name, phase],
      ]
  return lines.map((parts) =>
    formatText(parts.filter((part) => part !== '').join(' · '), width - 1),
  )
}

/** One bar a core, in as many columns as it takes to fit. */
export function coreLines(busy: readonly (number | null)[], width: number, rows: number): string[] {
  if (busy.length === 0) return []
  const columns = Math.max(1, Math.ceil(busy.length / rows))
  const cellWidth = Math.floor((width - 1) / columns)
  const digits = String(busy.length - 1).length
  const barWidth = Math.max(2, Math.min(40, cellWidth - digits - 14))
  const height = Math.ceil(busy.length / columns)
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: columns }, (__, column) => {
      const core = column * height + row
      const value = busy[core]
      if (core >= busy.length) return ''
      const percent = value == null ? '  –' : String(Math.round(value * 100)).padStart(3)
      return `core ${String(core).padStart(digits)} ${bar(value ?? 0, barWidth)} ${percent} %`
    })
      .join('  ')
      .trimEnd(),
  )
}

function bar(value: number, width: number): string {
  const units = Math.round(value * width * 8)
  const full = '█'.repeat(Math.floor(units / 8)) + (eighths[units % 8] ?? '')
  return full.padEnd(width, '·')
}

function treeLine({ treeRssBytes, treeCpuShare, tasksDone }: LiveReading): string {
  return [
    treeRssBytes === null ? '' : `tree ${formatBytes(treeRssBytes)} RSS`,
    treeCpuShare === null ? '' : `${formatNumber(treeCpuShare)} cores`,
    `${tasksDone.toLocaleString('en-US')} tasks`,
  ]
    .filter((part) => part !== '')
    .join(' · ')
}
