import { describe, expect, it } from 'vitest'
import type { ProcessMemory } from '../../src/engine/sampling/provider.ts'
import { TreeMemory } from '../../src/engine/sampling/tree-memory.ts'
import { RowBuilder } from '../../src/shared/sample-row.ts'

const mebibyte = 2 ** 20

/** A tree whose clock goes on by what a reading costs, and where the test lets it. */
function madeUpTree(costMs = 1) {
  let now = 0
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
  )
  const row = new RowBuilder()
  const taken = () => {
    const { series, values } = row.take()
    return Object.fromEntries(series.map((name, at) => [name, values[at]]))
  }
  return {
    order,
    unreadable,
    wait: (ms: number) => {
      now += ms
    },
    update: (rss: Readonly<Record<number, number>>) =>
      memory.update(
        Object.entries(rss).map(([processId, each]) => ({
          ...{ processId: Number(processId), cpuShare: null },
          rssBytes: each * mebibyte,
        })),
      ),
    next: () => {
      memory.readNext(row)
      return taken()
    },
    all: async () => {
      await memory.readAll(row)
      return taken()
    },
  }
}

describe('proportional memory while work goes on', () => {
  it('is not read for 2 s after a reading that took 1 ms', () => {
    const tree = madeUpTree(1)
    tree.update({ 1: 50, 2: 50 })
    tree.next()
    expect(tree.order).toEqual([1])
    tree.wait(1998)
    tree.next()
    expect(tree.order).toEqual([1])
    tree.wait(1)
    tree.next()
    expect(tree.order).toEqual([1, 2])
  })

  it('is read less often where it is dearer', () => {
    const tree = madeUpTree(5)
    tree.update({ 1: 50 })
    for (let tick = 0; tick < 100; tick++) {
      tree.next()
      tree.wait(250)
    }
    // 25 s, of which a half per mille may be spent on it.
    expect(tree.order).toHaveLength(3)
  })

  it('is first that of who was never read, then who has changed, then who waits longest', () => {
    const tree = madeUpTree()
    const next = () => {
      tree.wait(2000)
      tree.next()
      return tree.order.at(-1)
    }
    tree.update({ 1: 50, 2: 50, 3: 50 })
    expect([next(), next(), next()]).toEqual([1, 2, 3])
    expect([next(), next()]).toEqual([1, 2])
    tree.update({ 1: 60, 2: 55, 3: 50, 4: 50 })
    expect([next(), next(), next(), next()]).toEqual([4, 1, 2, 3])
    // One per cent is no change.
    tree.update({ 1: 60.6, 2: 55, 3: 50, 4: 50 })
    expect(next()).toBe(4)
  })

  it('is summed up only when all of the tree is known', () => {
    const tree = madeUpTree(0)
    tree.update({ 1: 50, 2: 50 })
    expect(tree.next()).toEqual({ 'process.1.pss_bytes': 10, 'process.1.uss_bytes': 1 })
    expect(tree.next()).toEqual({
      ...{ 'process.2.pss_bytes': 20, 'process.2.uss_bytes': 2 },
      ...{ 'tree.pss_bytes': 30, 'tree.uss_bytes': 3 },
    })
  })

  it('of a process that has gone is forgotten, also where its number comes again', () => {
    const tree = madeUpTree(0)
    tree.update({ 1: 50, 2: 50 })
    tree.next()
    tree.next()
    tree.update({ 1: 50 })
    expect(tree.next()).toMatchObject({ 'tree.pss_bytes': 10 })
    tree.update({ 1: 50, 2: 50 })
    tree.unreadable.add(2)
    expect(tree.next()).toEqual({})
    expect(tree.order.at(-1)).toBe(2)
  })

  it('that cannot be read is nothing, never 0, and keeps no other from its turn', () => {
    const tree = madeUpTree(0)
    tree.unreadable.add(1)
    tree.update({ 1: 50, 2: 50, 3: 50 })
    expect(tree.next()).toEqual({})
    const read = [tree.next(), tree.next()]
    expect(read.flatMap((values) => Object.keys(values))).toEqual([
      ...['process.2.pss_bytes', 'process.2.uss_bytes'],
      ...['process.3.pss_bytes', 'process.3.uss_bytes'],
    ])
  })

  it('has no sum any more when one of the tree cannot be read again', () => {
    const tree = madeUpTree(0)
    tree.update({ 1: 50, 2: 50 })
    tree.next()
    expect(tree.next()).toHaveProperty(['tree.pss_bytes'])
    tree.unreadable.add(1)
    tree.update({ 1: 90, 2: 50 })
    expect(tree.next()).toEqual({})
    tree.update({ 1: 90, 2: 90 })
    expect(tree.next()).toEqual({ 'process.2.pss_bytes': 20, 'process.2.uss_bytes': 2 })
  })

  it('is nothing where there is no process', async () => {
    const tree = madeUpTree()
    expect(tree.next()).toEqual({})
    expect(await tree.all()).toEqual({})
  })
})

describe('proportional memory at the border of a phase', () => {
  it('is read of all at once, whatever it costs', async () => {
    const tree = madeUpTree(100)
    tree.update({ 1: 50, 2: 50, 3: 50 })
    tree.next()
    expect(await tree.all()).toMatchObject({ 'tree.pss_bytes': 60, 'tree.uss_bytes': 6 })
    expect(tree.order).toEqual([1, 1, 2, 3])
  })

  it('is that of those who could be read, without a sum, where one could not', async () => {
    const tree = madeUpTree()
    tree.unreadable.add(2)
    tree.update({ 1: 50, 2: 50 })
    expect(await tree.all()).toEqual({ 'process.1.pss_bytes': 10, 'process.1.uss_bytes': 1 })
    tree.unreadable.clear()
    expect(await tree.all()).toMatchObject({ 'tree.pss_bytes': 30 })
  })
})
