import { describe, expect, it } from 'vitest'
import { findAll, findInTurn, findNamed } from '../../src/engine/interpreters/find.ts'
import { usualInterpreter } from '../../src/shared/model/found-interpreter.ts'
import { madeUpAnswers, madeUpMachine } from '../support/made-up-machine.ts'

const local = 'C:\\Users\\me\\AppData\\Local'
const aliases = `${local}\\Microsoft\\WindowsApps`

describe('finding interpreters', () => {
  it('takes what "python3" starts first, newer versions before older ones, PyPy after CPython', async () => {
    const machine = madeUpMachine({
      platform: 'linux',
      environment: { PATH: '/opt/bin:/usr/bin' },
      files: {
        '/usr/bin/pypy3': {},
        '/usr/bin/python3.9': {},
        '/usr/bin/python3.13t': {},
        '/usr/bin/python3.13': {},
        '/usr/bin/python3': { real: '/usr/bin/python3.9' },
        '/usr/bin/python3-config': {},
        '/opt/bin/python': { isExecutable: false },
      },
    })
    const { ask } = madeUpAnswers({})
    const found = await findAll(machine, [], ask)
    expect(found.map(({ path }) => path)).toEqual([
      '/usr/bin/python3',
      '/usr/bin/python3.13t',
      '/usr/bin/python3.13',
      '/usr/bin/pypy3',
    ])
    expect(found[0]?.names).toEqual(['/usr/bin/python3', '/usr/bin/python3.9'])
  })

  it('tells a virtual environment from the interpreter it was made of, and asks each once', async () => {
    const machine = madeUpMachine({
      platform: 'linux',
      environment: { PATH: '/usr/bin:/bin', VIRTUAL_ENV: '/home/someone/.venv' },
      files: {
        '/home/someone/.venv/bin/python': { real: '/usr/bin/python3.11' },
        '/home/someone/.venv/bin/python3': { real: '/usr/bin/python3.11' },
        '/home/someone/.venv/pyvenv.cfg': {},
        '/usr/bin/python3.11': {},
        '/usr/bin/python3': { real: '/usr/bin/python3.11' },
        '/bin/python3': { real: '/usr/bin/python3.11' },
      },
    })
    const { asked, ask } = madeUpAnswers({
      '/home/someone/.venv/bin/python': { identity: 'the venv' },
    })
    const found = await findAll(machine, [], ask)
    expect(asked).toEqual(['/home/someone/.venv/bin/python', '/usr/bin/python3'])
    expect(found.map(({ names }) => names)).toEqual([
      ['/home/someone/.venv/bin/python', '/home/someone/.venv/bin/python3'],
      ['/usr/bin/python3', '/bin/python3', '/usr/bin/python3.11'],
    ])
  })

  it('knows the interpreter behind a shim of pyenv, and asks no shim of a version', async () => {
    const python = '/home/me/.pyenv/versions/3.12.1/bin/python'
    const machine = madeUpMachine({
      platform: 'linux',
      environment: { PATH: '/home/me/.pyenv/shims' },
      files: {
        '/home/me/.pyenv/shims/python3': {},
        '/home/me/.pyenv/shims/python3.8': {},
        [python]: {},
        '/home/me/.pyenv/versions/3.9.2/bin/python': {},
      },
    })
    const { asked, ask } = madeUpAnswers({ '/home/me/.pyenv/shims/python3': { identity: python } })
    const found = await findAll(machine, [], ask)
    expect(asked).not.toContain('/home/me/.pyenv/shims/python3.8')
    expect(found.map(({ names }) => names)).toEqual([
      ['/home/me/.pyenv/shims/python3', python],
      ['/home/me/.pyenv/versions/3.9.2/bin/python'],
    ])
  })

  it('starts nothing beyond the one that is wanted, and nothing twice', async () => {
    const machine = madeUpMachine({
      platform: 'linux',
      environment: { PATH: '/usr/bin' },
      files: {
        '/usr/bin/python3': { real: '/usr/bin/python3.13' },
        '/usr/bin/python3.13': {},
        '/usr/bin/python3.9': {},
        '/usr/bin/pypy3': {},
      },
    })
    const { asked, ask } = madeUpAnswers({})
    for await (const { path } of findInTurn(machine, async () => [], ask)) {
      if (path === '/usr/bin/python3.9') break
    }
    expect(asked).toEqual(['/usr/bin/python3', '/usr/bin/python3.9'])
  })

  it('lists what was added and is gone', async () => {
    const machine = madeUpMachine({ platform: 'linux', files: { '/opt/my/python': {} } })
    const { ask } = madeUpAnswers({})
    const found = await findAll(machine, ['/opt/my/python', '/gone/python'], ask)
    expect(found.map(({ path, isAdded, state, why }) => [path, isAdded, state, why])).toEqual([
      ['/opt/my/python', true, 'usable', null],
      ['/gone/python', true, 'missing', 'is not there'],
    ])
  })
})

describe('on Windows', () => {
  it('never starts the Microsoft Store’s stub, but what was installed from there', async () => {
    const machine = madeUpMachine({
      platform: 'win32',
      environment: { PATH: aliases },
      files: {
        [`${aliases}\\python3.exe`]: { size: 0, alias: '' },
        [`${aliases}\\python.exe`]: {
          alias: 'C:\\Program Files\\WindowsApps\\X\\AppInstallerPythonRedirector.exe',
        },
        [`${aliases}\\python3.12.exe`]: {
          alias:
            'C:\\Program Files\\WindowsApps\\PythonSoftwareFoundation.Python.3.12\\python3.12.exe',
        },
      },
    })
    const { asked, ask } = madeUpAnswers({})
    const found = await findAll(machine, [], ask)
    expect(asked).toEqual([`${aliases}\\python3.12.exe`])
    const stubs = found.filter(({ state }) => state === 'stub')
    expect(stubs).toHaveLength(2)
    expect(stubs[0]?.why).toBe('is the Microsoft Store’s stub, no Python: it would open the Store')
  })

  it.each([
    ['the old launcher', 'py -0p', ' -V:3.12 *        C:\\Py thon\\python.exe\r\n -V:3.8\r\n'],
    ['the install manager', 'py list --format=exe', 'C:\\Py thon\\python.exe\r\n'],
  ])('asks %s', async (_, command, text) => {
    const machine = madeUpMachine({
      platform: 'win32',
      files: { 'C:\\Py thon\\python.exe': {} },
      says: { [command]: text },
    })
    const found = await findAll(machine, [], madeUpAnswers({}).ask)
    expect(found.map(({ path }) => path)).toEqual(['C:\\Py thon\\python.exe'])
  })

  it('looks into the usual folders, those of free-threaded builds and of pyenv too', async () => {
    const machine = madeUpMachine({
      platform: 'win32',
      home: 'C:\\Users\\me',
      environment: { LOCALAPPDATA: local, ProgramFiles: 'C:\\Program Files' },
      files: {
        [`${local}\\Programs\\Python\\Python313\\python.exe`]: {},
        [`${local}\\Programs\\Python\\Python313\\python3.13t.exe`]: {},
        [`${local}\\Python\\pythoncore-3.14-64\\python.exe`]: {},
        'C:\\Program Files\\Python39\\python.exe': {},
        'C:\\Program Files\\Git\\python.exe': {},
        'C:\\Users\\me\\.pyenv\\pyenv-win\\versions\\3.11.9\\python.exe': {},
      },
    })
    const found = await findAll(machine, [], madeUpAnswers({}).ask)
    expect(found.map(({ path }) => path).sort()).toEqual([
      'C:\\Program Files\\Python39\\python.exe',
      'C:\\Users\\me\\.pyenv\\pyenv-win\\versions\\3.11.9\\python.exe',
      `${local}\\Programs\\Python\\Python313\\python.exe`,
      `${local}\\Programs\\Python\\Python313\\python3.13t.exe`,
      `${local}\\Python\\pythoncore-3.14-64\\python.exe`,
    ])
  })
})

describe('on macOS', () => {
  const files = {
    '/usr/bin/python3': {},
    '/opt/homebrew/bin/python3.13': { real: '/opt/homebrew/Cellar/python3.13' },
    '/opt/homebrew/opt/python@3.12/bin/python3.12': {},
    '/opt/homebrew/opt/python-freethreading/bin/python3.14t': {},
    '/Library/Frameworks/Python.framework/Versions/3.11/bin/python3': {},
    '/Library/Frameworks/Python.framework/Versions/Current/bin/python3': {},
    '/Library/Frameworks/PythonT.framework/Versions/3.13/bin/python3.13t': {},
  }

  it('finds those of Homebrew and of python.org, where the app was told no PATH', async () => {
    const machine = madeUpMachine({
      platform: 'darwin',
      files,
      says: { '/usr/bin/xcode-select -p': '/Library/Developer/CommandLineTools\n' },
    })
    const found = await findAll(machine, [], madeUpAnswers({}).ask)
    expect(found.map(({ path }) => path).sort()).toEqual(
      Object.keys(files)
        .filter((path) => !path.includes('Current'))
        .sort(),
    )
    expect(found.every(({ state }) => state === 'usable')).toBe(true)
  })

  it('never starts Apple’s stub, which would ask to install the developer tools', async () => {
    const machine = madeUpMachine({
      platform: 'darwin',
      environment: { PATH: '/usr/bin' },
      files: { '/usr/bin/python3': {} },
    })
    const { asked, ask } = madeUpAnswers({})
    const found = await findAll(machine, [], ask)
    expect(asked).toEqual([])
    expect(found[0]).toMatchObject({ state: 'stub', interpreter: null })
    expect(usualInterpreter(found)).toBeNull()
  })
})

describe('an interpreter that is named', () => {
  const machine = madeUpMachine({
    platform: 'linux',
    environment: { PATH: '/usr/bin' },
    home: '/home/me',
    folder: '/home/someone',
    files: {
      '/usr/bin/pypy3': {},
      '/usr/bin/reboot': {},
      '/usr/bin/python-data': { isExecutable: false },
      '/home/someone/ä b/.venv/bin/python': {},
      '/home/me/python': {},
      '/home/someone/python-pipe': { kind: 'other' },
      '/home/someone/empty/notes': {},
      '/home/someone/mine/python': { real: '/opt/strange' },
      '/home/someone/mine/strange': { real: '/opt/python3' },
    },
  })
  const ask = madeUpAnswers({}).ask

  it.each([
    ['a command', 'pypy3', '/usr/bin/pypy3'],
    [
      'a path from where one stands',
      './ä b/.venv/bin/python',
      '/home/someone/ä b/.venv/bin/python',
    ],
    ['the folder of its environment', 'ä b/.venv', '/home/someone/ä b/.venv/bin/python'],
    ['a path from home', '~/python', '/home/me/python'],
    ['a link with any name to one that is named so', 'mine/strange', '/home/someone/mine/strange'],
  ])('is found by %s', async (_, name, path) => {
    const { found } = await findNamed(name, machine, ask)
    expect(found).toMatchObject({ path, state: 'usable' })
  })

  it.each([
    ['', 'missing', '"" is no path'],
    ['pypy4', 'missing', 'pypy4 is no command on the PATH'],
    ['./nowhere/python', 'missing', '/home/someone/nowhere/python is not there'],
    ['empty', 'missing', '/home/someone/empty is a folder in which no interpreter is'],
    ['/usr/bin/python-data', 'not-executable', '/usr/bin/python-data is not executable'],
    ['./python-pipe', 'not-executable', '/home/someone/python-pipe is no program'],
  ])('is told apart where "%s" cannot be it', async (name, state, sentence) => {
    const { found } = await findNamed(name, machine, ask)
    expect(found.state).toBe(state)
    expect(`${found.path} ${found.why}`).toBe(sentence)
  })

  it('is not started where it is named as something else: a path that is typed leads past much', async () => {
    const { asked, ask } = madeUpAnswers({})
    const { found } = await findNamed('/usr/bin/reboot', machine, ask)
    expect(asked).toEqual([])
    expect(found.why).toMatch(/^is not named as a Python is, and was not started/)
  })
})
