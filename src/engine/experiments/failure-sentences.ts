import { formatBytes } from '../../shared/format.ts'
import { type Family, type Model, modelTraits } from '../../shared/model/execution-model.ts'
import { summarize } from '../analysis/statistics.ts'
import type { SeenFailure } from './seen-failure.ts'
import { duration } from './wording.ts'

/** In words, of runs with one number of workers: only what follows from the figures. */
export function failureSentences(seen: readonly SeenFailure[]): string[] {
  return [...deaths(seen), ...recoveries(seen), ...loops(seen), ...leaks(seen)]
}

/** How it is called where one of them is meant. */
const one: Readonly<Record<Family, string>> = {
  inline: 'the program',
  threads: 'one thread',
  processes: 'one process',
}

function of(seen: readonly SeenFailure[], model: Model): SeenFailure[] {
  return seen.filter((each) => each.model === model)
}

function deaths(seen: readonly SeenFailure[]): string[] {
  const parts = (['threads', 'processes'] as const).flatMap((model) => {
    const own = of(seen, model)
    if (own.length === 0) return []
    const deadly = own.filter((each) => each.deaths > 0)
    const names = deadly.map(({ failure, deaths: died, observed: { trials } }) =>
      died === trials ? failure : `${failure} in ${died} of ${trials} trials`,
    )
    const took =
      deadly.length === 0
        ? 'none took the whole program with it'
        : `${deadly.length} took the whole program with ${deadly.length === 1 ? 'it' : 'them'} (${names.join('; ')})`
    return [`of ${own.length} failures of ${one[modelTraits[model].family]}, ${took}`]
  })
  return parts.map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}.`)
}

/** Over the failures that are no silence, which is waited for. */
function recoveries(seen: readonly SeenFailure[]): string[] {
  const typical = (own: readonly SeenFailure[]) =>
    summarize(
      own.flatMap(({ observed }) => observed.values('recovery_ms')),
      '',
    )?.median ?? null
  const prompt = seen.filter(({ failure }) => failure !== 'endless loop')
  const times = (['threads', 'processes'] as const).flatMap((model) => {
    const time = typical(of(prompt, model).filter(({ deaths: died }) => died === 0))
    return time === null ? [] : [{ time: duration(time), whose: one[modelTraits[model].family] }]
  })
  const parts = times.map(
    ({ time, whose }, at) => `${time} after ${at === 0 ? 'the failure' : 'that'} of ${whose}`,
  )
  const always = prompt.filter(({ deaths: died, observed }) => died === observed.trials)
  const whole = typical(always)
  return [
    ...(parts.length === 0
      ? []
      : [`Where the program survived, a replacement was ready ${parts.join(', ')}.`]),
    ...(whole === null
      ? []
      : [`Where it died, a new program with all its workers was ready after ${duration(whole)}.`]),
  ]
}

function loops(seen: readonly SeenFailure[]): string[] {
  const looping = seen.filter(({ failure }) => failure === 'endless loop')
  const parts = looping.flatMap(({ model, observed }) => {
    const noticed = observed.median('noticed_ms')
    const end = observed.median('end_ms')
    if (noticed === null || end === null) return []
    const how = model === 'threads' ? 'worker.terminate()' : 'SIGKILL'
    return [
      `of ${one[modelTraits[model].family]} after ${duration(noticed)}, and ${how} ended it in ${duration(end)}`,
    ]
  })
  return parts.length === 0
    ? []
    : [`An endless loop shows only as silence: it was noticed ${parts.join('; ')}.`]
}

function leaks(seen: readonly SeenFailure[]): string[] {
  return seen.flatMap(({ failure, model, observed }) => {
    if (failure !== 'leak') return []
    const inHost = observed.median('grown_in_host_bytes')
    const inWorker = observed.median('grown_in_worker_bytes') ?? 0
    const back = observed.median('given_back_bytes')
    if (inHost === null || back === null) return []
    const { leak_mb, watch_s } = observed.configuration.parameters
    const whose = inHost >= inWorker ? 'the whole program' : 'its own process alone'
    const grown = formatBytes(Math.max(inHost, inWorker))
    const after = observed.median('given_back_ms')
    const isAlways = observed.values('given_back_ms').length === observed.trials
    const when =
      after === null || !isAlways
        ? `${formatBytes(Math.max(0, back))} of them were given back within ${watch_s} s of its end`
        : `${formatBytes(back)} of them had been given back ${duration(after)} after it was ended`
    return [
      `A leak of ${leak_mb} MiB in ${one[modelTraits[model].family]} made ${whose} grow by ${grown}; ${when}.`,
    ]
  })
}
