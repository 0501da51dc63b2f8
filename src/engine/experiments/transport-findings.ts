import { formatNumber } from '../../shared/format.ts'
import type { CurveChart } from '../../shared/model/chart.ts'
import type { Model } from '../../shared/model/execution-model.ts'
import { cell, type Findings, type TableCell } from '../../shared/model/findings.ts'
import { type Curve, crossing, isBelow } from './crossings.ts'
import type { ExperimentRun } from './experiment.ts'
import { type Observed, observedIn } from './observed.ts'
import {
  largestText,
  payloadSizes,
  rateText,
  sizeText,
  type TransportName,
  timeText,
  transportsOf,
} from './transport-list.ts'

/** A transport, with what was measured of it, the smallest payload first. */
interface Measured extends TransportName {
  readonly sizes: readonly { readonly bytes: number; readonly seen: Observed }[]
  /** Median round trips, in ms. */
  readonly curve: Curve
}

/** Who is compared with whom; what is said of each is from where on the first is the faster one. */
const pairs = [
  ['transfer', 'structured clone'],
  ['shared memory', 'structured clone'],
  ['transfer', 'shared memory'],
  ['fork advanced', 'fork json'],
  ['pipe', 'fork advanced'],
  ['file', 'fork advanced'],
  ['file', 'pipe'],
] as const

export function findings(run: ExperimentRun): Findings {
  const all = measuredIn(run)
  const crossings = crossingsIn(all)
  return {
    sentences: [
      ...cheapest(all),
      ...crossings.map(({ sentence }) => sentence),
      ...always(all),
      ...ratio(all),
    ],
    charts: [
      chart(all, {
        title: 'Time there and back',
        key: 'round_trip_ms',
        y: { label: 'round trip', unit: '', scale: 'logarithmic', quantity: 'milliseconds' },
        marks: crossings.map(({ x, label }) => ({ x, label })),
      }),
      chart(all, {
        title: 'Bytes carried in a second, both ways added up',
        key: 'megabytes_per_s',
        y: { label: 'throughput', unit: 'MB/s', scale: 'logarithmic', quantity: 'number' },
        marks: [],
      }),
    ],
    tables: all.length === 0 ? [] : [roundTrips(all), ways(all)],
    cautions: cautions(run, all),
  }
}

function measuredIn(run: ExperimentRun): Measured[] {
  const seen = observedIn(run).filter(({ trials }) => trials > 0)
  return transportsOf(run.plan.models).flatMap((transport) => {
    const sizes = seen
      .filter(({ configuration }) => configuration.variant === transport.name)
      .map((each) => ({ bytes: Number(each.configuration.parameters.payload_bytes), seen: each }))
      .sort((a, b) => a.bytes - b.bytes)
    const curve = sizes.flatMap(({ bytes, seen: { median } }) => {
      const y = median('round_trip_ms')
      return y === null || y <= 0 ? [] : [{ x: bytes, y }]
    })
    return curve.length === 0 ? [] : [{ ...transport, sizes, curve }]
  })
}

function chart(
  all: readonly Measured[],
  { title, key, y, marks }: Pick<CurveChart, 'title' | 'y' | 'marks'> & { readonly key: string },
): CurveChart {
  return {
    kind: 'curves',
    title,
    x: { label: 'payload', unit: '', scale: 'logarithmic', quantity: 'bytes' },
    y,
    series: all.map(({ name, model, sizes }) => ({
      name,
      model,
      points: sizes.flatMap(({ bytes, seen }) => seen.point(key, bytes) ?? []),
      isReference: false,
    })),
    marks,
  }
}

/** The cheapest way to a thread and to a process, for the smallest payload and for the largest. */
function cheapest(all: readonly Measured[]): string[] {
  const bytes = all.flatMap(({ curve }) => curve.map(({ x }) => x))
  const ends = [...new Set([Math.min(...bytes), Math.max(...bytes)])]
  return ends.flatMap((size) => {
    const ways = (['threads', 'processes'] as const).flatMap((model) => {
      const [best] = all
        .filter((each) => each.model === model)
        .flatMap(({ name, curve }) => {
          const y = timeAt(curve, size)
          return y === null ? [] : [{ name, y }]
        })
        .sort((a, b) => a.y - b.y)
      if (best === undefined) return []
      // What is not copied is not carried at a rate.
      const isRated = size >= 2 ** 20 && best.name !== 'transfer'
      const rate = isRated ? `, ${rateText((2 * size) / 1000 / best.y)}` : ''
      return [{ to: toWhom(model), what: `${best.name} (${timeText(best.y)}${rate})` }]
    })
    const [first, ...others] = ways
    if (first === undefined) return []
    const more = others.map(({ to, what }) => `; to a ${to} ${what}`).join('')
    return [
      `With ${sizeText(size)} the cheapest way to a ${first.to} and back is ${first.what}${more}.`,
    ]
  })
}

function crossingsIn(all: readonly Measured[]) {
  return pairs.flatMap(([one, other]) => {
    const [a, b] = [named(all, one), named(all, other)]
    if (a === undefined || b === undefined) return []
    const forward = crossing(a.curve, b.curve)
    const back = forward === null ? crossing(b.curve, a.curve) : null
    const x = forward ?? back
    if (x === null) return []
    const [faster, slower] = forward === null ? [b, a] : [a, b]
    return [
      {
        x,
        label: `${faster.name} beats ${slower.name}`,
        sentence: `From about ${sizeText(x)} on ${faster.doing} is faster than ${slower.doing}.`,
      },
    ]
  })
}

function always(all: readonly Measured[]): string[] {
  return pairs.flatMap((pair) => {
    const [a, b] = pair.map((name) => named(all, name))
    if (a === undefined || b === undefined || a.curve.length < 2) return []
    const [faster, slower] = isBelow(a.curve, b.curve) ? [a, b] : [b, a]
    if (!isBelow(faster.curve, slower.curve)) return []
    return [`At every size ${faster.doing} is faster than ${slower.doing}.`]
  })
}

/** What it costs that a process shares nothing: the usual message to it against that to a thread. */
function ratio(all: readonly Measured[]): string[] {
  const [json, clone] = [named(all, 'fork json'), named(all, 'structured clone')]
  if (json === undefined || clone === undefined) return []
  const common = json.curve.flatMap(({ x, y }) => {
    const other = timeAt(clone.curve, x)
    return other === null ? [] : [{ x, times: y / other }]
  })
  const ends = [...new Set([common.at(0), common.at(-1)])].flatMap((each) => each ?? [])
  const [first, last] = ends.map(({ x, times }) => [formatNumber(times), sizeText(x)] as const)
  if (first === undefined) return []
  const more = last === undefined ? '' : `, ${last[0]} times with ${last[1]}`
  return [
    `A message by fork with json takes ${first[0]} times as long as a structured clone to a thread with ${first[1]}${more}.`,
  ]
}

function roundTrips(all: readonly Measured[]) {
  const sizes = [...new Set(all.flatMap(({ curve }) => curve.map(({ x }) => x)))].sort(
    (a, b) => a - b,
  )
  const largest = sizes.at(-1) as number
  return {
    title: 'Time there and back, by payload',
    columns: ['transport', 'to', ...sizes.map(sizeText), `in a second, with ${sizeText(largest)}`],
    rows: all.map(({ name, model, curve, sizes: measured }): TableCell[] => {
      const rate = measured.find(({ bytes }) => bytes === largest)?.seen.median('megabytes_per_s')
      return [
        cell(name),
        cell(toWhom(model)),
        ...sizes.map((size) => {
          const y = timeAt(curve, size)
          return cell(y === null ? '–' : timeText(y))
        }),
        cell(rate == null || name === 'transfer' ? '–' : rateText(rate)),
      ]
    }),
  }
}

/** What is counted of each: without it the figures would say less than they seem to. */
function ways(all: readonly Measured[]) {
  return {
    title: 'What becomes of the bytes, one way (looking at a sample of them is counted in)',
    columns: ['transport', 'bytes are'],
    rows: all.map(({ name, how }) => [cell(name), cell(how)]),
  }
}

/** Trials of which the slowest takes so many times as long as the fastest do not agree. */
const disagreement = 1.5

function cautions({ plan }: ExperimentRun, all: readonly Measured[]): string[] {
  const found: string[] = []
  const figures = all.flatMap(({ sizes }) => sizes.map(({ seen }) => seen.values('round_trip_ms')))
  const unsure = figures.filter((trips) => Math.max(...trips) > disagreement * Math.min(...trips))
  if (unsure.length > 0) {
    found.push(
      `In ${unsure.length} of ${figures.length} figures the trials differ by more than half: what lies near them may be otherwise. More trials, on a quieter machine, say it better.`,
    )
  }
  const isTooLong = payloadSizes(plan.parameters).some((bytes) => bytes > largestText)
  if (isTooLong && plan.models.includes('processes')) {
    found.push(
      `fork json has no figure above ${sizeText(largestText)}: the text would be longer than a string can be.`,
    )
  }
  if (plan.models.includes('processes')) {
    found.push(
      'What is written to a file stays in the memory of the system: no disk is waited for.',
    )
  }
  return found
}

function toWhom(model: Model): string {
  return model === 'threads' ? 'thread' : 'process'
}

function named(all: readonly Measured[], name: string): Measured | undefined {
  return all.find((each) => each.name === name)
}

function timeAt(curve: Curve, size: number): number | null {
  return curve.find(({ x }) => x === size)?.y ?? null
}
