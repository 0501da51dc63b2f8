import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspectModule } from '../../src/engine/execution/own/inspection.ts'
import type { TrialSpec } from '../../src/engine/execution/protocol.ts'
import { Reaper } from '../../src/engine/execution/reaper.ts'
import { runTrial, type TrialOutcome } from '../../src/engine/execution/trial.ts'
import { Lab } from '../../src/engine/lab.ts'
import { OwnModules } from '../../src/engine/session/own-modules.ts'
import type { OwnExports } from '../../src/engine/workloads/workload.ts'
import { type Model, modelsOf } from '../../src/shared/model/execution-model.ts'
import { briskMachine } from '../support/brisk-machine.ts'
import { programs } from '../support/programs.ts'
import { isAlive, scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()
const nodeModels = modelsOf('node')
const template = fileURLToPath(new URL('../../resources/templates/my-task.mjs', import.meta.url))

let reaper: Reaper
beforeAll(async () => {
  reaper = await Reaper.start(programs.reaper)
})
afterAll(() => reaper.close())

/** A module as a user would write it, in a file. */
async function moduleOf(name: string, source: string): Promise<string> {
  const path = scratch.path(name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, source)
  return path
}

const bare: OwnExports = { inputs: false, setup: false, check: false }
const withInputs: OwnExports = { ...bare, inputs: true }

/** One trial of a module, as a run makes it. */
async function trialOf(
  workload: string,
  model: Model,
  change: Partial<Pick<TrialSpec, 'own' | 'scheduling' | 'tasks'>> = {},
  signal = new AbortController().signal,
  onWork = () => {},
): Promise<{ readonly outcome: TrialOutcome; readonly host: number }> {
  let host = 0
  const workers = model === 'inline' ? 1 : 2
  const spec: TrialSpec = {
    ...{ workload, parameters: {}, seed: 7, model, workers, scheduling: 'static', tasks: 40 },
    ...{ durationMs: null, intervalMs: 50, baselineMs: 10, expected: null, folder: null },
    ...{ serverPort: null, isProbe: false, variant: null, own: bare, ...change },
  }
  const outcome = await runTrial(
    spec,
    { runtime: 'node', program: programs.host },
    reaper,
    signal,
    {
      started: (processId) => {
        host = processId
      },
      phase: (name) => name === 'work' && onWork(),
      crew: () => {},
      report: () => {},
      look: async () => {},
    },
  )
  return { outcome, host }
}

/** Why a trial has failed, and the stack that was kept of it. */
async function failureOf(...given: Parameters<typeof trialOf>) {
  const { outcome } = await trialOf(...given)
  if (outcome.status !== 'failed') expect.fail(JSON.stringify(outcome))
  return outcome
}

async function problemOf(path: string, deadlineMs?: number): Promise<string> {
  const found = await inspectModule(path, programs, { ...(deadlineMs && { deadlineMs }) }).catch(
    (error: Error) => error,
  )
  if (!(found instanceof Error)) expect.fail(JSON.stringify(found))
  return found.message
}

describe('the template', () => {
  it('runs inline, in threads and in processes, static and dynamic, and is checked', async () => {
    const lab = new Lab({
      databasePath: scratch.path('own.db'),
      programs,
      version: 'test',
      machine: briskMachine,
    })
    for (const scheduling of ['static', 'dynamic']) {
      const plan = await lab.checkPlan({
        ...{ workload: template, models: nodeModels, workers: [2], tasks: 30, scheduling },
        ...{ repeat: 1, warmup: 0, interval_ms: 50 },
      })
      const started = await lab.start(plan, { force: false, announce: () => {} })
      const { run } = await started.finished
      expect(run.reason).toBeNull()
      expect(run.label).toBe('my-task.mjs: inline, threads, processes')
      expect(run.trials.map(({ status, tasks_done }) => [status, tasks_done])).toEqual(
        nodeModels.map(() => ['done', 30]),
      )
      const { fingerprint } = await inspectModule(template, programs)
      expect(fingerprint).toMatch(/^[0-9a-f]{12}$/)
      expect(run.configurations.map(({ content }) => content)).toEqual(
        nodeModels.map(() => fingerprint),
      )
    }
    await lab.close()
  })
})

it('a run of a module without a check claims nothing of its results, and tells that the file was changed', async () => {
  const path = await moduleOf('changing.mjs', 'export const task = (i) => i')
  const lab = new Lab({
    databasePath: scratch.path('changing.db'),
    programs,
    version: 'test',
    machine: briskMachine,
  })
  const plan = await lab.checkPlan({
    ...{ workload: path, models: ['inline'], tasks: 4, repeat: 1, warmup: 0 },
  })
  const started = await lab.start(plan, {
    force: false,
    announce: ({ type }) =>
      type === 'trial-started' && writeFileSync(path, 'export const task = (i) => -i'),
  })
  const { run } = await started.finished
  expect(run.trials.map(({ status, metrics }) => [status, metrics.checksum_ok])).toEqual([
    ['done', null],
  ])
  expect(run.warnings.map(({ code }) => code)).toContain('module-changed')
  // What it is now is looked at anew: it is another work.
  const { plan: again, time_ms } = await lab.estimate({ ...plan, duration_s: undefined })
  expect(again).not.toBeNull()
  expect(time_ms).toBeNull()
  await lab.close()
})

describe.each(nodeModels)('a module in %s', (model) => {
  it('gets each input in turn, what setup returned, and may take types, maps and bytes', async () => {
    const path = await moduleOf(
      'types.ts',
      `interface Given { readonly key: Map<string, number>; readonly bytes: Uint8Array }
       export const inputs = (n: number): Given[] =>
         Array.from({ length: 3 }, (_, i) => ({ key: new Map([['i', i]]), bytes: new Uint8Array([n]) }))
       export const setup = async (): Promise<string> => 'made'
       export async function task({ key, bytes }: Given, context: { setup: string; seed: number; index: number; workers: number }) {
         return [key.get('i'), bytes[0], context.setup, context.seed, context.index % 3, context.workers]
       }
       let next = -1
       export const check = ([i, n, made, seed, turn, workers]: unknown[], { key }: Given): boolean =>
         i === turn && i === key.get('i') && n === 40 && made === 'made' && seed === 7 && workers === ${model === 'inline' ? 1 : 2}`,
    )
    for (const scheduling of ['static', 'dynamic'] as const) {
      const own = { inputs: true, setup: true, check: true }
      const { outcome } = await trialOf(path, model, { own, scheduling })
      if (outcome.status !== 'done') expect.fail(JSON.stringify(outcome))
      const summaries = outcome.result.workers.map(({ summary }) => summary)
      expect(summaries.reduce((sum, { tasks }) => sum + tasks, 0)).toBe(40)
      expect(summaries.reduce((sum, { indexSum }) => sum + indexSum, 0)).toBe((40 * 39) / 2)
      expect(summaries.map(({ wrong }) => wrong)).toEqual(summaries.map(() => 0))
    }
  })

  it('may be CommonJS, whose exports are made when it runs', async () => {
    const path = await moduleOf(
      'made.cjs',
      `module.exports = Object.assign({}, { task: (i) => i })`,
    )
    const { outcome } = await trialOf(path, model)
    expect(outcome.status).toBe('done')
    const { exports } = await inspectModule(path, programs)
    expect(exports).toEqual(bare)
  })

  it('whose check says no is counted as wrong', async () => {
    const path = await moduleOf(
      'wrong.mjs',
      'export const task = (i) => i\nexport const check = (output) => output !== 5',
    )
    const { outcome } = await trialOf(path, model, { own: { ...bare, check: true } })
    if (outcome.status !== 'done') expect.fail(JSON.stringify(outcome))
    const wrong = outcome.result.workers.flatMap(({ summary }) => summary.firstWrong?.index ?? [])
    expect(wrong).toEqual([5])
  })

  it('that throws is told with its own place, the task and its own stack', async () => {
    const path = await moduleOf(
      'throws.mjs',
      "export function task(i) {\n  if (i === 3) deep()\n}\nfunction deep() {\n  throw new TypeError('no\\nluck')\n}",
    )
    const { reason, frames } = await failureOf(path, model)
    expect(reason).toMatch(/ failed in task 3: TypeError: no, at throws\.mjs:5:9$/)
    expect(frames).toEqual([
      'at deep (throws.mjs:5:9)',
      expect.stringMatching(/^at .*task \(throws\.mjs:2:16\)$/),
    ])
  })

  it('that throws what throws when it is looked at is told in words', async () => {
    const path = await moduleOf(
      'hostile.mjs',
      `export const task = () => {
        throw Object.defineProperty(new Error('x'), 'message', { get() { throw 1 } })
      }`,
    )
    const { reason } = await failureOf(path, model)
    expect(reason).toMatch(/ failed in task \d+: what was thrown throws itself/)
  })

  it('that stops the clocks it finds, as test libraries do, does not stop ours', async () => {
    const path = await moduleOf(
      'frozen.mjs',
      `const { now } = performance
       performance.now = () => 42
       export const task = () => {
         const from = now.call(performance)
         while (now.call(performance) - from < 2);
       }`,
    )
    const { outcome } = await trialOf(path, model)
    if (outcome.status !== 'done') expect.fail(JSON.stringify(outcome))
    for (const { summary } of outcome.result.workers) {
      expect(summary.endedAt).toBeGreaterThan(summary.startedAt)
    }
  })

  it('that throws where nobody waits for it is told in the same way', async () => {
    const path = await moduleOf(
      'later.mjs',
      'export const task = () => new Promise(() => setTimeout(() => {\n  null.x\n}))',
    )
    const { reason } = await failureOf(path, model)
    expect(reason).toMatch(
      / failed in task \d+: TypeError: Cannot read .* of null.*, at later\.mjs:2:8$/,
    )
  })

  it('that exits is told by what it called', async () => {
    const path = await moduleOf(
      'exits.mjs',
      "import { exit } from 'node:process'\nexport const task = (i) => {\n  if (i === 2) exit(3)\n}",
    )
    const { reason } = await failureOf(path, model)
    expect(reason).toMatch(
      / failed in task 2: the module ended its worker with process\.exit\(3\), at exits\.mjs:3:16$/,
    )
  })

  it('that floods standard output does its tasks, and keeps none of it', async () => {
    const path = await moduleOf(
      'floods.mjs',
      "const line = 'x'.repeat(10_000)\nexport const task = () => {\n  for (let i = 0; i < 1000; i++) console.log(line + i)\n}",
    )
    const { outcome } = await trialOf(path, model)
    if (outcome.status !== 'done') expect.fail(JSON.stringify(outcome))
    // 400 MB were written.
    expect(outcome.result.hostRssBytes).toBeLessThan(250e6)
  })

  it('that writes more at once than a pipe takes has not failed by that', async () => {
    const path = await moduleOf(
      'bursts.mjs',
      `const much = 'x'.repeat(1e6)
       export const task = (i) => {
         for (let k = 0; i < 4 && k < 300; k++) {
           process.stdout.write(much)
           process.stderr.write(much)
         }
       }`,
    )
    const { outcome } = await trialOf(path, model)
    expect(outcome).toMatchObject({ status: 'done' })
  })

  it('that speaks where we speak is not heard', async () => {
    const path = await moduleOf(
      'speaks.mjs',
      `import { parentPort } from 'node:worker_threads'
       export const task = () => {
         for (const said of [null, {}, 'x']) parentPort?.postMessage(said)
         for (const said of [null, { type: 'failed', message: 'no', reason: 'no', task: null }]) process.send?.(said)
       }`,
    )
    const { outcome } = await trialOf(path, model)
    expect(outcome.status).toBe('done')
  })

  it('that never ends, or never resolves, ends with its trial', async () => {
    for (const source of [
      'export const task = () => { for (;;); }',
      'export const task = () => new Promise(() => {})',
    ]) {
      const path = await moduleOf('endless.mjs', source)
      const stop = new AbortController()
      const { outcome, host } = await trialOf(path, model, {}, stop.signal, () => stop.abort())
      expect(outcome.status).toBe('interrupted')
      expect(isAlive(host)).toBe(false)
    }
  })

  it('that fills its heap is told to have run out of memory', async () => {
    const path = await moduleOf(
      'fills.mjs',
      'const kept = []\nexport const task = () => { for (;;) kept.push(new Array(1000).fill(0.5)) }',
    )
    // A small heap, so that it is full soon: the host and its workers find it in their environment.
    const before = process.env.NODE_OPTIONS
    process.env.NODE_OPTIONS = '--max-old-space-size=40'
    const failure = failureOf(path, model).finally(() => {
      if (before === undefined) delete process.env.NODE_OPTIONS
      else process.env.NODE_OPTIONS = before
    })
    expect((await failure).reason).toMatch(/: out of memory, its JavaScript heap was full$/)
  })
})

describe.each(['threads', 'processes'] as const)('what travels to and from %s', (model) => {
  it('and cannot be cloned is named by its place', async () => {
    const output = await moduleOf(
      'output.mjs',
      'export const task = (i) => ({ rows: [1, i === 4 ? { run() {} } : 0] })',
    )
    const input = await moduleOf(
      'input.mjs',
      'export const task = (i) => i\nexport const inputs = () => [1, { at: Symbol("no") }]',
    )
    for (const scheduling of ['static', 'dynamic'] as const) {
      expect((await failureOf(output, model, { scheduling })).reason).toMatch(
        / failed in task 4: what it returned cannot be sent: output\.rows\[1\]\.run cannot be cloned: run\(\) \{\} could not be cloned\.$/,
      )
      expect((await failureOf(input, model, { scheduling, own: withInputs })).reason).toMatch(
        /^what inputs\(\) returned cannot be sent: inputs\[1\]\.at cannot be cloned: /,
      )
    }
  })
})

describe('a module is refused with its place where it', () => {
  const cases: readonly (readonly [string, string, string, RegExp])[] = [
    [
      'exports no task',
      'none.mjs',
      'export const run = 1',
      /none\.mjs exports no task, but run; allowed: /,
    ],
    [
      'exports a task that is no function',
      'number.mjs',
      'export const task = 1',
      /exports as task is 1; allowed: a function/,
    ],
    [
      'imports what is not there',
      'absent.mjs',
      "import 'node:fs'\nimport x from './gone.mjs'",
      /Cannot find module .*, at absent\.mjs:2:15$/,
    ],
    [
      'requires what is not there',
      'absent.cjs',
      "\nrequire('no-such-package')",
      /Cannot find module 'no-such-package', at absent\.cjs:2:1$/,
    ],
    [
      'cannot be understood',
      'syntax.mjs',
      'const a = 1\nconst b = = 2',
      /SyntaxError: .*, at syntax\.mjs:2:11$/,
    ],
    [
      'is CommonJS that cannot be understood',
      'syntax.cjs',
      'const a = 1\nconst b = = 2',
      /SyntaxError: .*, at syntax\.cjs:2:11$/,
    ],
    [
      'is TypeScript of more than types',
      'enum.ts',
      'export enum A { B }',
      /enum is not supported.*, at enum\.ts:1:8$/,
    ],
    [
      'throws as it is loaded',
      'throw.mjs',
      "\nthrow new RangeError('soon')",
      /RangeError: soon, at throw\.mjs:2:7$/,
    ],
    [
      'exits as it is loaded',
      'exit.mjs',
      'process.exit(4)',
      /process\.exit\(4\), at exit\.mjs:1:9$/,
    ],
    [
      'waits for what never comes',
      'never.mjs',
      'await new Promise(() => {})',
      /never\.mjs never ends: its top-level await/,
    ],
  ]
  it.each(cases)('%s', async (_, name, source, problem) => {
    expect(await problemOf(await moduleOf(name, source))).toMatch(problem)
  })

  it('does not end loading in time, busy or waiting', async () => {
    const busy = await moduleOf('busy.mjs', 'for (;;);')
    const waiting = await moduleOf(
      'waiting.mjs',
      'setInterval(() => {}, 1000)\nawait new Promise(() => {})',
    )
    expect(await problemOf(busy, 1500)).toMatch(/busy\.mjs has not ended after 1\.5 s: it computes/)
    expect(await problemOf(waiting, 1500)).toMatch(/after 1\.5 s: it waits for something/)
  })

  it('is not there, is a folder, or is named by half a path', async () => {
    expect(await problemOf(scratch.path('gone.mjs'))).toMatch(
      /there is no file .*gone\.mjs; allowed: /,
    )
    expect(await problemOf(scratch.path())).toMatch(/ is a folder; allowed: /)
    expect(await problemOf(await moduleOf('run', 'export const task = 1'))).toMatch(
      /is not named as a module is; allowed: a file that ends in \.mjs/,
    )
    expect(await problemOf('./half.mjs')).toMatch(/is not a whole path/)
  })
})

it('a module in a path with spaces and other letters, which writes without end while it is loaded, is found', async () => {
  const path = await moduleOf(
    'ein Ördner/mein täsk 日本.mjs',
    "for (let i = 0; i < 20_000; i++) console.log('x'.repeat(1000))\nexport const task = (i) => i",
  )
  expect(await inspectModule(path, programs)).toMatchObject({ exports: bare })
  const { outcome } = await trialOf(path, 'processes', { tasks: 4 })
  expect(outcome.status).toBe('done')
})

it.skipIf(process.platform === 'win32')(
  'an error in a file behind a link is told by its name alone',
  async () => {
    const path = await moduleOf('real/linked.mjs', 'export const task = (i) => i.x.y')
    await symlink(dirname(path), scratch.path('link'))
    const { reason } = await failureOf(scratch.path('link', 'linked.mjs'), 'threads')
    expect(reason).toMatch(/, at linked\.mjs:1:32$/)
  },
)

it('an error in a file with a source map is told by what the file was made from', async () => {
  const map = JSON.stringify({
    ...{ version: 3, sources: ['origin.ts'], names: [], sourcesContent: ['a\n\nb'] },
    // Every place of line 2 is line 3, column 1 of origin.ts.
    mappings: ';AAEA',
  })
  const path = await moduleOf(
    'mapped.mjs',
    `export const task = () => {\nthrow new Error('mapped') }\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`,
  )
  const { reason } = await failureOf(path, 'threads')
  expect(reason).toMatch(/Error: mapped, at origin\.ts:3:1$/)
})

it('of many modules at most four are looked at at the same time, and each in the end', async () => {
  const log = scratch.path('looked-at.txt')
  const paths = await Promise.all(
    Array.from({ length: 9 }, (_, i) =>
      moduleOf(
        `many-${i}.mjs`,
        `import { appendFileSync, readFileSync } from 'node:fs'
         appendFileSync(${JSON.stringify(log)}, '+')
         // The first four are there together, however late one of them is; a fifth would be seen.
         do await new Promise((resolve) => setTimeout(resolve, 300))
         while (readFileSync(${JSON.stringify(log)}, 'utf8').split('+').length <= 4)
         appendFileSync(${JSON.stringify(log)}, '-')
         ${i % 2 === 0 ? 'export const task = () => 1' : "throw new Error('no')"}`,
      ),
    ),
  )
  const modules = new OwnModules(programs)
  const found = await Promise.allSettled(paths.map((path) => modules.workload(path, null)))
  expect(found.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
  let now = 0
  const depths = [...readFileSync(log, 'utf8')].map((sign) => (now += sign === '+' ? 1 : -1))
  expect(depths).toHaveLength(18)
  expect(Math.max(...depths)).toBe(4)
})
