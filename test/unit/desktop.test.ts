import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { menuTemplate } from '../../src/main/menu.ts'
import { PageWatcher } from '../../src/main/page-watcher.ts'
import { planArgument } from '../../src/main/plan-argument.ts'
import {
  fitToDisplays,
  readWindowState,
  type WindowState,
  writeWindowState,
} from '../../src/main/window-state.ts'
import type { LabEvent } from '../../src/shared/contract.ts'
import { scratchFolder } from '../support/scratch.ts'

const scratch = scratchFolder()

describe('the state of the window', () => {
  const state: WindowState = {
    bounds: { x: -10, y: 20, width: 1300, height: 800 },
    isMaximised: true,
  }

  it('is read as it was written', () => {
    writeWindowState(scratch.path('window.json'), state)
    expect(readWindowState(scratch.path('window.json'))).toEqual(state)
  })

  it.each([
    '',
    'null',
    '7',
    '{}',
    '{"bounds":{"x":0,"y":0,"width":10},"isMaximised":false}',
    '{"bounds":{"x":0,"y":0,"width":0,"height":10},"isMaximised":false}',
    '{"bounds":{"x":0.5,"y":0,"width":10,"height":10},"isMaximised":false}',
    '{"bounds":{"x":0,"y":0,"width":1e9,"height":10},"isMaximised":false}',
    '{"bounds":{"x":0,"y":0,"width":10,"height":10}}',
  ])('is nothing where the file says %j', async (content) => {
    await writeFile(scratch.path('bad.json'), content)
    expect(readWindowState(scratch.path('bad.json'))).toBe(null)
  })

  it('that cannot be kept is no fault', async () => {
    expect(readWindowState(scratch.path('nowhere', 'window.json'))).toBe(null)
    writeWindowState(scratch.path('nowhere', 'window.json'), state)
    await expect(readFile(scratch.path('nowhere', 'window.json'))).rejects.toThrow('ENOENT')
  })
})

describe('a window that comes back', () => {
  const left = { x: 0, y: 25, width: 1440, height: 875 }
  const right = { x: 1440, y: 0, width: 1920, height: 1080 }
  const size = { width: 1280, height: 800 }

  it('goes where it was, on any display', () => {
    for (const bounds of [
      { x: 50, y: 30, ...size },
      { x: 1500, y: 0, ...size },
      { x: -1000, y: 25, ...size },
    ]) {
      expect(fitToDisplays(bounds, [left, right])).toEqual(bounds)
    }
  })

  it('is made to fit a display that has become smaller', () => {
    const large = { x: 0, y: 25, width: 3000, height: 2000 }
    expect(fitToDisplays(large, [left])).toEqual(left)
  })

  it.each([
    ['on a display that is gone', { x: 1500, y: 0 }],
    ['above it, where it cannot be taken hold of', { x: 0, y: -50 }],
    ['below it', { x: 0, y: 890 }],
    ['left of it but for a rim', { x: -1200, y: 100 }],
  ])('goes elsewhere where it would be %s', (_, place) => {
    expect(fitToDisplays({ ...place, ...size }, [left])).toBe(null)
  })
})

describe('a plan among the arguments', () => {
  it('is what ends in .json, whatever others have added', () => {
    const args = ['--inspect=0', '--remote-debugging-port=0', '.', 'plans/first look.JSON']
    expect(planArgument(args, '/home')).toBe(resolve('/home', 'plans/first look.JSON'))
  })

  it('is not there otherwise', () => {
    expect(planArgument(['.', 'out/main/index.js', '--config=x.json'], '/home')).toBe(null)
  })
})

describe('the page as a watcher', () => {
  const present: LabEvent = { type: 'present', run: null }
  const command: LabEvent = { type: 'command', command: 'show-runs' }

  it('is told what waited once it watches, and again after it was loaded anew', () => {
    const told: LabEvent[] = []
    const watcher = new PageWatcher((event) => told.push(event))
    watcher.tellWhenWatching(command)
    expect(told).toEqual([])
    watcher.tell(present)
    expect(told).toEqual([present, command])
    watcher.tellWhenWatching(command)
    watcher.tell(present)
    expect(told).toEqual([present, command, command, present])
    watcher.pageIsGone()
    watcher.tellWhenWatching(command)
    expect(told).toHaveLength(4)
    watcher.tell(present)
    expect(told).toHaveLength(6)
  })
})

describe('the menu', () => {
  const actions = { tellPage() {}, openPlan() {}, openExternally() {} }
  const template = (platform: NodeJS.Platform, isPackaged: boolean) =>
    JSON.stringify(menuTemplate(actions, { platform, appName: 'Corescope', isPackaged, links: [] }))

  it('quits from the app’s own menu on macOS, from File elsewhere', () => {
    expect(template('darwin', true)).toContain('"role":"appMenu"')
    expect(template('darwin', true)).not.toContain('"role":"quit"')
    for (const platform of ['linux', 'win32'] as const) {
      expect(template(platform, true)).toContain('"role":"quit"')
      expect(template(platform, true)).toContain('"role":"about"')
    }
  })

  it('has tools for developers only where the app is not packaged', () => {
    expect(template('linux', false)).toContain('toggleDevTools')
    expect(template('linux', true)).not.toContain('toggleDevTools')
  })
})
