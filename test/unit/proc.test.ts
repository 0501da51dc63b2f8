import { spawnSync } from 'node:child_process'
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { busyMsIn, CoreTimes, coresIn } from '../../src/engine/sampling/proc/core-times.ts'
import { afterName, numbersAt } from '../../src/engine/sampling/proc/fields.ts'
import { memoryIn } from '../../src/engine/sampling/proc/memory.ts'
import { ProcFile, readOnce } from '../../src/engine/sampling/proc/proc-file.ts'
import { parseStat } from '../../src/engine/sampling/proc/watched-process.ts'
import { cpuMsIn } from '../../src/engine/sampling/proc/watched-thread.ts'
import { scratchFolder } from '../support/scratch.ts'

const onLinux = process.platform === 'linux'
const scratch = scratchFolder()

describe('the numbers of a line', () => {
  const line = Buffer.from('12 345 6789\n')

  it('are found by their place, the last before the end of the line too', () => {
    expect(numbersAt(line, 0, [0, 2])).toEqual([12, 6789])
    expect(numbersAt(line, 3, [0, 1])).toEqual([345, 6789])
    expect(numbersAt(Buffer.from('7 8'), 0, [1])).toEqual([8])
  })

  it('that are not there are NaN, and never 0', () => {
    expect(numbersAt(line, 0, [1, 3, 9])).toEqual([345, Number.NaN, Number.NaN])
    expect(numbersAt(Buffer.from(''), 0, [0])).toEqual([Number.NaN])
    expect(numbersAt(Buffer.from('12 '), 0, [1])).toEqual([Number.NaN])
  })

  it('that are no whole numbers are NaN, and not their beginning', () => {
    expect(numbersAt(Buffer.from('-1 1.5 12x 4'), 0, [0, 1, 2, 3])).toEqual([
      ...[Number.NaN, Number.NaN, Number.NaN],
      4,
    ])
  })
})

/** A `stat` whose fields from the third on hold their own number, as proc_pid_stat(5) counts them. */
function statOf(name: string): Buffer {
  const fields = Array.from({ length: 50 }, (_, index) => index + 3)
  return Buffer.from(`4711 (${name}) ${fields.join(' ')}\n`)
}

describe('what stat tells of a process', () => {
  it.each(['node', 'a b', 'a) R 1 2 (b', '((', '))', ''])(
    'is found behind the name “%s”',
    (name) => {
      const stat = statOf(name)
      expect(numbersAt(stat, afterName(stat), [0])).toEqual([3])
      // User and system time are fields 14 and 15, in ticks of 10 ms.
      expect(parseStat(stat)).toEqual({ cpuMs: (14 + 15) * 10, rssPages: 24, core: 39 })
    },
  )
})

describe('the time a thread has had', () => {
  it('is the first number of schedstat, in ns', () => {
    expect(cpuMsIn(Buffer.from('1234567890 55 7\n'))).toBe(1234.56789)
  })

  it('is not known where the kernel keeps none: the file is missing, or holds zeros', () => {
    expect(cpuMsIn(null)).toBeNull()
    expect(cpuMsIn(Buffer.from(''))).toBeNull()
    expect(cpuMsIn(Buffer.from('0 0 0\n'))).toBeNull()
  })
})

describe('the busy time of the cores', () => {
  const core = (number: number) => `cpu${number} ${number + 1} 20 300 4000 50000 6 7 8 9 10\n`
  const stat = (...cores: readonly number[]) =>
    Buffer.from(`cpu  1 2 3 4 5 6 7 8 9 10\n${cores.map(core).join('')}intr 99 1 2\nctxt 5\n`)
  // user + nice + system + irq + softirq; neither idle, nor waiting for a disk, stolen or a guest's.
  const busy = (number: number) => (number + 1 + 20 + 300 + 6 + 7) * 10

  it('leaves out what is idle, stolen, or counted in another already', () => {
    expect(busyMsIn(stat(0))).toEqual([busy(0)])
  })

  it('is there for each of 512 cores', () => {
    const numbers = Array.from({ length: 512 }, (_, number) => number)
    expect(busyMsIn(stat(...numbers))).toEqual(numbers.map(busy))
    expect(coresIn(stat(...numbers))).toEqual(numbers)
  })

  it('is for the cores that are on, which keep their numbers', () => {
    expect(busyMsIn(stat(0, 2, 3))).toEqual([busy(0), busy(2), busy(3)])
    expect(coresIn(stat(0, 2, 3))).toEqual([0, 2, 3])
  })

  it('is found by the kernel’s number of a core also while others are off', () => {
    const path = scratch.path('stat')
    writeFileSync(path, stat(0, 2, 3))
    const times = new CoreTimes(path)
    expect(times.read()).toHaveLength(3)
    expect([0, 2, 3].map((number) => times.placeOf(number))).toEqual([0, 1, 2])
    // None of them: it stays out of those that are read.
    expect(times.placeOf(7)).toBe(7)
    writeFileSync(path, stat(0, 1, 2, 3))
    times.read()
    expect([0, 1, 2, 3].map((number) => times.placeOf(number))).toEqual([0, 1, 2, 3])
    times.close()
  })

  it('is nothing where no core is shown', () => {
    expect(busyMsIn(stat())).toEqual([])
    expect(busyMsIn(Buffer.from(''))).toEqual([])
    expect(busyMsIn(Buffer.from('cpu  1 2 3'))).toEqual([])
  })

  it('is read up to the end where no line follows the last core', () => {
    const whole = Buffer.from(`cpu  1 2 3\n${core(0)}cpu1 1 0 0 0 0 0 25`)
    expect(busyMsIn(whole)).toEqual([busy(0), 260])
  })
})

describe('the memory of a process', () => {
  const rollup = [
    ...['5581000-7ffd000 ---p 00000000 00:00 0 [rollup]', 'Rss: 9000 kB', 'Pss: 5000 kB'],
    ...['Pss_Anon: 100 kB', 'Private_Clean: 300 kB', 'Private_Dirty: 4000 kB', ''],
  ].join('\n')

  it('is its proportional set, and its private pages, written or not', () => {
    expect(memoryIn(rollup)).toEqual({ pssBytes: 5000 * 1024, ussBytes: 4300 * 1024 })
  })

  it('has huge pages of its own in its private memory', () => {
    expect(memoryIn(`${rollup}Private_Hugetlb: 2048 kB\n`)?.ussBytes).toBe((4300 + 2048) * 1024)
  })

  it('is not known where a part of it is missing', () => {
    expect(memoryIn(rollup.replace(/^Pss:.*\n/m, ''))).toBeNull()
    expect(memoryIn(rollup.replace(/^Private_Clean:.*\n/m, ''))).toBeNull()
    expect(memoryIn(rollup.replace(/^Private_Dirty:.*\n/m, ''))).toBeNull()
  })

  it('of one that has ended and was not waited for is not known, and not 0', () => {
    expect(memoryIn('')).toBeNull()
  })
})

describe('a file that is kept open', () => {
  it('is read anew each time, and whole though it is larger than what was made ready for it', () => {
    const path = scratch.path('large')
    writeFileSync(path, 'short')
    const file = new ProcFile(path)
    expect(file.read()?.toString()).toBe('short')
    // More than two doublings of the 8 KiB it begins with; and one that is exactly a doubling.
    for (const length of [40_000, 65_536, 65_537, 3]) {
      const text = Array.from({ length }, (_, at) => at % 10).join('')
      writeFileSync(path, text)
      expect(file.read()?.toString()).toBe(text)
      expect(file.readList()?.toString()).toBe(text)
    }
    file.close()
  })

  it('holds a list as a whole, however many times more must be made ready for it', () => {
    const path = scratch.path('list')
    const text = Array.from({ length: 100_000 }, (_, at) => `${at} `).join('')
    writeFileSync(path, text)
    const file = new ProcFile(path)
    expect(file.readList()?.toString()).toBe(text)
    file.close()
  })

  it('is null where there is none, and stays so when one comes', () => {
    const path = scratch.path('late')
    const file = new ProcFile(path)
    expect(file.read()).toBeNull()
    writeFileSync(path, 'too late')
    expect(file.read()).toBeNull()
    expect(readOnce(path)?.toString()).toBe('too late')
    expect(readOnce(scratch.path('never'))).toBeNull()
  })

  it('that could not be read once is not opened again, though another be under its path by then', () => {
    const path = scratch.path('used again')
    // A folder can be opened, and not be read: as the file of a process that has ended.
    mkdirSync(path)
    const file = new ProcFile(path)
    expect(file.read()).toBeNull()
    rmdirSync(path)
    writeFileSync(path, 'another')
    expect(file.read()).toBeNull()
    expect(file.read()).toBeNull()
    file.close()
  })

  it.runIf(onLinux)('is borrowed a descriptor for each reading when none is left to keep', () => {
    const script = `
      import { closeSync, openSync } from 'node:fs'
      import { ProcFile } from ${JSON.stringify(new URL('../../src/engine/sampling/proc/proc-file.ts', import.meta.url).href)}
      const taken = []
      try { for (;;) taken.push(openSync('/dev/null', 'r')) } catch (error) { console.log(error.code) }
      const file = new ProcFile('/proc/self/stat')
      console.log(file.read())
      closeSync(taken.pop())
      console.log(file.read()?.length > 0, file.read()?.length > 0)
      // It was given back: another may have it.
      console.log(typeof openSync('/dev/null', 'r'))
    `
    const { stdout, stderr } = spawnSync(
      'sh',
      ['-c', 'ulimit -n 64; exec "$0" --input-type=module -e "$1"', process.execPath, script],
      { encoding: 'utf8' },
    )
    expect({ said: stdout.trim().split('\n'), stderr }).toMatchObject({
      said: ['EMFILE', 'null', 'true true', 'number'],
    })
  })
})
