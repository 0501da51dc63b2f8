import { describe, expect, it } from 'vitest'
import {
  documentOf,
  type PlanDraft,
  withModule,
  withRuntimes,
} from '../../src/renderer/state/plan-draft.ts'
import type { Model, Runtime } from '../../src/shared/model/execution-model.ts'
import type { PlanDocument } from '../../src/shared/model/plan.ts'
import { exampleRun } from '../support/example-run.ts'

const form: PlanDraft = {
  ...exampleRun.plan,
  ...{ isOwn: false, amount: 'duration', repetition: 'number', repeat: 3, tasks: 200 },
  ...{ runtimes: ['node'], models: ['threads', 'processes'] },
}
const scheduler = 'tcp://192.0.2.7:8786'
const asked = (draft: PlanDraft) => documentOf(draft) as PlanDocument

describe('the form in other runtimes', () => {
  const modelsIn = (models: Model[], runtimes: Runtime[], address: string | null = null) =>
    withRuntimes({ ...form, models, scheduler: address }, runtimes).models

  it('keeps the models that one of them has, and has some for each of them', () => {
    expect(modelsIn(['inline', 'pool'], ['python'])).toEqual(['inline', 'pool'])
    expect(modelsIn(['pool'], ['node'])).toEqual(['threads', 'processes'])
    expect(modelsIn(['pool'], ['node', 'python'])).toEqual(['threads', 'processes', 'pool'])
  })

  it('has the cluster at an address, and on Dask alone nothing that is started here', () => {
    expect(modelsIn(['inline', 'threads'], ['dask'], scheduler)).toEqual(['inline', 'cluster'])
    expect(modelsIn(['threads'], ['node', 'dask'], scheduler)).toEqual(['threads', 'cluster'])
    expect(modelsIn(['cluster'], ['node', 'dask'], scheduler)).toEqual([
      ...['threads', 'processes', 'cluster'],
    ])
    expect(modelsIn(['cluster'], ['dask'])).toEqual(['threads', 'processes'])
  })
})

describe('the form with a module of the user’s own', () => {
  const runtimesWith = (path: string) =>
    withModule({ ...form, runtimes: ['python', 'dask'] }, path).runtimes

  it('runs in what can load it, once its path is whole', () => {
    expect(runtimesWith('/home/you/my_task')).toEqual(['python', 'dask'])
    expect(runtimesWith('/home/you/my_task.py')).toEqual(['python', 'dask'])
    expect(runtimesWith('/home/you/my-task.mjs')).toEqual(['node'])
    expect(withModule(form, '/home/you/my_task.py').runtimes).toEqual(['python'])
  })
})

describe('what the lab is asked for', () => {
  it('has nothing of fields that are not shown', () => {
    const whole: PlanDraft = {
      ...form,
      ...{ scheduler, threads_per_worker: 2, interpreters: ['pypy3'] },
      ...{ start_methods: ['fork'], transports: ['queue'] },
    }
    const nothing = { scheduler: null, threads_per_worker: null }
    expect(asked(whole)).toMatchObject({ interpreters: [], ...nothing })
    expect(asked({ ...whole, runtimes: ['python'] })).toMatchObject({
      ...nothing,
      ...{ interpreters: ['pypy3'], start_methods: ['fork'], transports: ['queue'] },
    })
    const onDask = asked({ ...whole, runtimes: ['dask'] })
    expect(onDask).toMatchObject({ scheduler, threads_per_worker: null })
    expect([onDask.start_methods, onDask.transports]).toEqual([undefined, undefined])
    expect(asked({ ...whole, runtimes: ['dask'], scheduler: null }).threads_per_worker).toBe(2)
  })
})
