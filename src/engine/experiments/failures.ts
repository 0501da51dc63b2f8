import { failures as kinds } from '../../shared/model/failure.ts'
import type { Experiment } from './experiment.ts'
import { failureFindings } from './failure-findings.ts'
import { configurationsOfWays, everyWay } from './ways.ts'

const failures: Experiment = {
  name: 'failures',
  title: 'Isolated or not',
  question: 'One worker fails: what becomes of it, of its siblings and of the program?',
  lookFor:
    'An error ends one worker under both models. What no JavaScript can catch, a crash in machine code or memory that V8 cannot get in time, ends a process alone, and with a thread the whole program.',
  plan: { models: ['threads', 'processes'], workers: [3], repeat: 3, warmup: 0 },
  workers: 'cores',
  trialMs: 800,
  probe: {
    name: 'failures',
    kind: 'cpu',
    description: 'one worker of a program fails, in several ways',
    parameters: {
      deadline_ms: {
        description: 'silence after which a worker is taken for lost',
        unit: 'ms',
        minimum: 100,
        maximum: 5000,
        default: 1000,
        whole: true,
      },
      leak_mb: {
        description: 'memory that a worker leaks',
        unit: 'MiB',
        minimum: 10,
        maximum: 1000,
        default: 200,
        whole: true,
      },
      watch_s: {
        description: 'the longest that is waited for a leak to be given back',
        unit: 's',
        minimum: 1,
        maximum: 60,
        default: 12,
        whole: true,
      },
    },
  },
  configurations: (plan) => configurationsOfWays(plan, everyWay(kinds)),
  findings: failureFindings,
  problems: ({ models, workers }) => [
    ...(models.some((model) => model !== 'inline')
      ? []
      : [{ path: 'models', message: 'inline has no worker to fail; allowed: threads, processes' }]),
    ...(workers.every((count) => count > 1)
      ? []
      : [{ path: 'workers', message: 'one worker has no siblings; allowed: 2 or more' }]),
  ],
  memoryBytes: ({ leak_mb }) => (leak_mb ?? 0) * 2 ** 20,
}

export default failures
