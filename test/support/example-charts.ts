import type { Axis, DotChart, HeatChart, LineChart } from '../../src/shared/model/chart.ts'

/* A chart of each kind that no experiment draws, with figures that a test can say. */

const time: Axis = {
  label: 'Time since the release of the barrier',
  unit: 'ms',
  scale: 'linear',
  quantity: 'milliseconds',
}

/** Two seconds, from 300 ms before the release. */
const times = Array.from({ length: 116 }, (_, at) => -300 + 20 * at)

/** Busy cores of two models; the first line has a gap, and extremes behind its points. */
export const exampleLines: LineChart = {
  kind: 'lines',
  title: 'Busy cores',
  x: time,
  y: { label: 'Busy cores', unit: 'cores', scale: 'linear', quantity: 'number' },
  lines: (['threads', 'processes'] as const).map((model, side) => {
    const y = times.map((t) => (t < 0 ? 0.4 : 3.4 - side * 0.5 + Math.sin(t / 90 + side) / 3))
    const isFirst = side === 0
    return {
      name: `${model} × 4`,
      ...{ model, side: null, x: times },
      y: y.map((each, at) => (isFirst && at > 50 && at < 58 ? null : each)),
      low: isFirst ? y.map((each) => each - 0.25) : null,
      high: isFirst ? y.map((each) => each + 0.25) : null,
    }
  }),
}

export const exampleDots: DotChart = {
  kind: 'dots',
  title: 'Throughput of each trial',
  value: { label: 'Throughput', unit: 'tasks/s', scale: 'linear', quantity: 'number' },
  groups: [
    {
      ...{ name: 'threads × 4', model: 'threads', side: null },
      dots: [801, 798, 805, 790, 812, 799, 803].map((value) => ({ value, isOutlier: false })),
      ...{ median: 801, low: 798, high: 805 },
    },
    {
      ...{ name: 'processes × 4', model: 'processes', side: null },
      dots: [841, 838, 846, 843, 839, 905].map((value) => ({ value, isOutlier: value === 905 })),
      ...{ median: 842, low: 838.5, high: 874 },
    },
    { name: 'inline', model: 'inline', side: null, dots: [], median: null, low: null, high: null },
  ],
}

/** Four cores, of which the last does other programs' work for a while and is not read at the end. */
export const exampleHeat: HeatChart = {
  kind: 'heat',
  title: 'Cores, processes × 4',
  x: time,
  slots: times,
  end: 2020,
  rows: [0, 1, 2, 3].map((core) => ({
    name: `core ${core}`,
    shares: times.map((t) => (core === 3 && t > 1700 ? null : t < 0 ? 0.1 : 1 - core * 0.1)),
    ownShares: times.map((t) => (t < 0 ? 0 : core === 3 && t > 600 && t < 1200 ? 0.05 : 0.9)),
  })),
}
