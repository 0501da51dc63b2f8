import type { Plan } from '../../shared/model/plan.ts'
import type { Problem } from '../../shared/model/problem.ts'
import type { Experiment } from './experiment.ts'
import { plainConfigurations } from './plain-configurations.ts'
import { sweepFindings } from './sweep-findings.ts'

const sweep: Experiment = {
  name: 'sweep',
  title: 'How it scales',
  question: 'How much faster does the work get with every worker more?',
  lookFor:
    'Where the curves leave the straight line, and which model leaves it first: work that cannot be split bends them (Amdahl), and what workers cost each other turns them down again (Universal Scalability Law).',
  plan: { models: ['threads', 'processes'], tasks: 240, repeat: 5, warmup: 1 },
  workers: 'sweep',
  trialMs: null,
  probe: null,
  configurations: plainConfigurations,
  findings: sweepFindings,
  problems,
}

export default sweep

function problems({ models, workers, tasks }: Plan): Problem[] {
  const found: Problem[] = []
  if (models.every((model) => model === 'inline')) {
    found.push({ path: 'models', message: 'inline has one worker; allowed: threads, processes' })
  }
  if (workers.length < 2) {
    found.push({
      path: 'workers',
      message: 'one number of workers is one point, and no curve; allowed: 2 or more, as 1,2,4',
    })
  }
  if (tasks === null) {
    found.push({
      path: 'duration_s',
      message: 'a sweep has a fixed amount of work; allowed: a number of tasks instead',
    })
  }
  return found
}
