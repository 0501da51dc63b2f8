import type { Plan } from '../../shared/model/plan.ts'
import type { Problem } from '../../shared/model/problem.ts'
import type { PlannedConfiguration } from '../../shared/model/run.ts'
import type { Experiment } from './experiment.ts'
import { findings } from './transport-findings.ts'
import { largestText, payloadSizes, transportsOf } from './transport-list.ts'

const MiB = 2 ** 20
/**
 * Resident memory of host and partner, in payloads: as measured with 64 MiB, of the dearest way (25 as JSON,
 * 11 by fork with advanced serialization, 2 to 8 by the others).
 */
const copiesAsText = 25
const copies = 12

const transports: Experiment = {
  name: 'transports',
  title: 'Messages and shared memory',
  question: 'What does it cost to bring data to a worker and back?',
  lookFor:
    'Small payloads cost a wake-up, whatever is in them; large ones cost their copies. Which way is the cheapest changes with the size: the crossing points are named. A transfer copies nothing, so that its time does not grow.',
  // Each trial warms up by itself.
  plan: { models: ['threads', 'processes'], workers: [1], repeat: 3, warmup: 0 },
  workers: 'cores',
  trialMs: 250,
  probe: {
    name: 'transports',
    kind: 'cpu',
    description: 'bytes go to a partner and back, in several ways',
    parameters: {
      smallest_bytes: {
        description: 'the smallest payload',
        unit: 'bytes',
        minimum: 1,
        maximum: 1024 * MiB,
        default: 16,
        whole: true,
      },
      largest_bytes: {
        description: 'the largest payload; between them each is 16 times the one before',
        unit: 'bytes',
        minimum: 1,
        maximum: 1024 * MiB,
        default: 64 * MiB,
        whole: true,
      },
    },
  },
  configurations,
  findings,
  problems,
  memoryBytes: ({ largest_bytes: largest }) =>
    Math.max(copiesAsText * Math.min(largestText, Number(largest)), copies * Number(largest)),
}

export default transports

function configurations({ models, parameters }: Plan): PlannedConfiguration[] {
  return transportsOf(models).flatMap(({ name, model, isText }) =>
    payloadSizes(parameters)
      .filter((bytes) => !isText || bytes <= largestText)
      .map((bytes) => ({
        workload: 'transports',
        parameters: { payload_bytes: bytes },
        runtime: 'node',
        interpreter: null,
        model,
        workers: 1,
        scheduling: 'static',
        variant: name,
      })),
  )
}

function problems({ models, workers, parameters }: Plan): Problem[] {
  const found: Problem[] = []
  const { smallest_bytes: smallest, largest_bytes: largest } = parameters
  if (models.includes('inline')) {
    const message = 'inline sends nothing; allowed: threads, processes'
    found.push({ path: 'models', message })
  }
  if (workers.some((count) => count !== 1)) {
    const message = 'each payload goes to one partner and back; allowed: 1'
    found.push({ path: 'workers', message })
  }
  if (Number(smallest) > Number(largest)) {
    const message = `${smallest} is more than the largest payload; allowed: at most ${largest}`
    found.push({ path: 'parameters.smallest_bytes', message })
  }
  return found
}
