import { parentPort, workerData } from 'node:worker_threads'
import type { SampleSeries, SampleStream } from '../../shared/model/sample.ts'
import { monotonicMs } from '../clock.ts'
import { procProvider } from './proc/proc-provider.ts'
import type { ProviderName } from './provider.ts'
import type {
  LabToSampler,
  RawSample,
  SamplerToLab,
  SentSample,
  Watched,
} from './sampler-messages.ts'
import { systeminformationProvider } from './systeminformation-provider.ts'
import { threadCpuMs } from './thread-cpu.ts'
import { Watch, type WatchOptions } from './watch.ts'

/* The sampler's thread: reads at a steady pace while a trial runs, and nothing between trials. */

const providers = { proc: procProvider, systeminformation: systeminformationProvider }
const makeProvider = providers[workerData as ProviderName]
const tell = (message: SamplerToLab) => parentPort?.postMessage(message)

const lastSent = new Map<SampleStream, readonly SampleSeries[]>()

/** The list of series goes along only where it is another than before. */
function sent(sample: RawSample): SentSample {
  const { stream, series } = sample
  if (lastSent.get(stream) === series) return { ...sample, series: null }
  lastSent.set(stream, series)
  return sample
}

let watch: Watch | undefined
let watches = 0
let treeCostMs = 0
/** What reading the memory of one process takes, in ms. */
let memoryCostMs = 0

parentPort?.on('message', async (message: LabToSampler) => {
  switch (message.type) {
    case 'watch': {
      const of = ++watches
      watch = new Watch(makeProvider(), optionsFor(message), (samples) =>
        tell({ type: 'samples', of, samples: samples.map(sent), samplerCpuMs: threadCpuMs() }),
      )
      watch.start()
      return
    }
    case 'follow':
      return watch?.follow(message.workers)
    case 'look':
      await watch?.look()
      return tell({ type: 'met', ticket: message.ticket })
    case 'mark':
      return tell({ type: 'marked', ticket: message.ticket, mark: (await watch?.mark()) ?? null })
    case 'work-begins':
      return watch?.beginWork()
    case 'work-ends': {
      tell({ type: 'counted', punctuality: watch?.endCounting() ?? null })
      await watch?.readLast()
      return tell({ type: 'met', ticket: message.ticket })
    }
    case 'rest': {
      // The next may be begun with before the last reading of this one is there.
      const resting = watch
      watch = undefined
      await resting?.stop()
      treeCostMs = resting?.treeCostMs ?? treeCostMs
      return tell({ type: 'met', ticket: message.ticket })
    }
  }
})

function optionsFor({ root, intervalMs, largestTree }: Watched): WatchOptions {
  return { root, intervalMs, treeCostMs, dearestMemoryMs: largestTree * memoryCostMs }
}

/** Readings after which the code that reads is compiled: a trial has some ten a second, and would be over before. */
const warmUpReadings = 300

/** The first readings of a provider are its dearest, and tell what the tree costs on this machine. */
async function warmUp(): Promise<void> {
  const provider = makeProvider()
  try {
    await provider.readMachine()
    const from = monotonicMs()
    await provider.readTree(process.pid)
    treeCostMs = monotonicMs() - from
    if (provider.leastTreeIntervalMs > 0) return
    const beforeMemory = monotonicMs()
    provider.readMemory(process.pid)
    memoryCostMs = monotonicMs() - beforeMemory
    const made = { root: process.pid, intervalMs: 1000, largestTree: 1 }
    const watch = new Watch(provider, optionsFor(made), () => {})
    for (let reading = 0; reading < warmUpReadings; reading++) watch.read()
  } finally {
    provider.close()
  }
}

warmUp()
  .catch(() => {})
  .then(() => tell({ type: 'ready' }))
