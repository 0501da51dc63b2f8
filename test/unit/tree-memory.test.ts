import { describe, expect, it } from 'vitest'
import type { ProcessMemory } from '../../src/engine/sampling/provider.ts'
import { TreeMemory } from '../../src/engine/sampling/tree-memory.ts'
import { RowBuilder } from '../../src/shared/sample-row.ts'

const mebibyte = 2 ** 20

/** A tree whose clock goes on by what a reading costs, and where the test lets it. */
function madeUpTree({ costMs = 1, dearestMs = 1 } = {}) {
  let now = 1e6
  const order: number[] = []
  const unreadable = new Set<number>()
  const memory = new TreeMemory(
    (processId): ProcessMemory | null => {
      now += costMs
      order.push(processId)
      if (unreadable.has(processId)) return null
      return { pssBytes: 10 * processId, ussBytes: processId }
    },
    () => now,
    dearestMs,
  )
  const row = new RowBuilder()
  return {
    order,
    unreadable,
    memory,
    wait: (ms: number) => {
      now += ms
    },
    update: (rss: Readonly<Record<number, number | null>>) =>
      memory.update(
        Object.entries(rss).map(([processId, each]) => ({
          ...{ processId: Number(processId), cpuShare: null },
          rssBytes: each === null ? null : each * mebibyte,
        })),
      ),
    all: async () => {
      await memory.readAll(row)
      const { series, values } = row.take()
      return Object.fromEntries(series.map((name, at) => [name, values[at]]))
    },
  }
}

describe('proportional memory while work goes on', () => {
  it('is due again when it has cost no more than a thousandth of the time', async () => {
    const tree = madeUpTree({ dearestMs: 3 })
    tree.update({ 1: 50 })
    expect(tree.memory.isDue).toBe(true)
    await tree.all()
    tree.wait(2998)
    expect(tree.memory.isDue).toBe(false)
    tree.wait(1)
    expect(tree.memory.isDue).toBe(true)
  })

  it('is due sooner where the resident set has changed, after a hundred times its cost', async () => {
    const tree = madeUpTree({ dearestMs: 3 })
    tree.update({ 1: 50, 2: 50 })
    await tree.all()
    tree.update({ 1: 50, 2: 54 })
    tree.wait(400)
    expect(tree.memory.isDue).toBe(false)
    tree.update({ 1: 50, 2: 56 })
    expect(tree.memory.isDue).toBe(true)
    await tree.all()
    tree.update({ 1: 30, 2: 56 })
    // The reading itself took 2 ms.
    tree.wait(297)
    expect(tree.memory.isDue).toBe(false)
    tree.wait(1)
    expect(tree.memory.isDue).toBe(true)
  })

  it('is as often due for one process as for many: the largest tree of the run sets the pace', async () => {
    const tree = madeUpTree({ costMs: 1, dearestMs: 65 })
    tree.update({ 1: 50 })
    await tree.all()
    tree.wait(64_000)
    expect(tree.memory.isDue).toBe(false)
    tree.wait(1000)
    expect(tree.memory.isDue).toBe(true)
  })

  it('takes a process that was not looked at this time as it was last seen', async () => {
    const tree = madeUpTree()
    tree.update({ 1: 50, 2: 50 })
    await tree.all()
    tree.wait(200)
    tree.update({ 1: null, 2: 50 })
    expect(tree.memory.isDue).toBe(false)
    // Another has gone: that is a change.
    tree.update({ 1: null })
    expect(tree.memory.isDue).toBe(true)
  })
})

describe('proportional memory of a tree', () => {
  it('is read of all its processes, and summed up', async () => {
    const tree = madeUpTree({ costMs: 100 })
    tree.update({ 1: 50, 2: 50, 3: null })
    expect(await tree.all()).toEqual({
      ...{ 'process.1.pss_bytes': 10, 'process.1.uss_bytes': 1 },
      ...{ 'process.2.pss_bytes': 20, 'process.2.uss_bytes': 2 },
      ...{ 'process.3.pss_bytes': 30, 'process.3.uss_bytes': 3 },
      ...{ 'tree.pss_bytes': 60, 'tree.uss_bytes': 6 },
    })
    expect(tree.order).toEqual([1, 2, 3])
  })

  it('that cannot be read is nothing, never 0, and leaves the tree without a sum', async () => {
    const tree = madeUpTree()
    tree.unreadable.add(2)
    tree.update({ 1: 50, 2: 50 })
    expect(await tree.all()).toEqual({ 'process.1.pss_bytes': 10, 'process.1.uss_bytes': 1 })
    tree.unreadable.clear()
    expect(await tree.all()).toMatchObject({ 'tree.pss_bytes': 30 })
  })

  it('does not hold a process that has gone', async () => {
    const tree = madeUpTree()
    tree.update({ 1: 50, 2: 50 })
    await tree.all()
    tree.update({ 1: 50 })
    expect(await tree.all()).toMatchObject({ 'tree.pss_bytes': 10 })
  })

  it('is nothing where there is no process', async () => {
    expect(await madeUpTree().all()).toEqual({})
  })
})
