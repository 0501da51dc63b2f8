import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/engine/storage/database.ts'
import { importPath, runForms } from '../../src/shared/contract.ts'
import { projectRoot } from '../architecture/layers.ts'
import { corescope, ourProcesses, startIn, trialIsBusy } from '../support/command.ts'
import { cli } from '../support/programs.ts'
import { scratchFolder, until } from '../support/scratch.ts'
import {
  ask,
  endlessPlan,
  endServed,
  enter,
  linkFrom,
  quickPlan,
  type Served,
  serve,
  serveIn,
  Tab,
} from '../support/served.ts'

const scratch = scratchFolder()
const posix = process.platform !== 'win32'
const opener = process.platform === 'darwin' ? 'open' : 'xdg-open'

/** Ends a web shell as its user does. */
async function end({ child, ended }: Served) {
  child.kill('SIGINT')
  return ended
}

afterAll(async () => {
  endServed()
  await until('nothing of ours is left', async () => (await ourProcesses()).length === 0)
})

describe('the link', () => {
  it('is all that is printed; a line beside it says what it is and how to end it', async () => {
    const served = await serve(scratch.path('link.db'))
    const { code, stdout, stderr } = await end(served)
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\n$/)
    expect(stderr).toBe('the link opens Corescope on this machine, once; Ctrl-C ends it\n')
    expect(code).toBe(0)
  })

  it('opens once, and is turned into a cookie that scripts and other sites do not get', async () => {
    const served = await serve(scratch.path('once.db'))
    const { link, port } = served
    const path = link.slice(link.indexOf('/?'))
    // What only looks at a link, as a preview does, does not use it up.
    expect(await ask(port, path, {}, 'HEAD')).toMatchObject({ status: 401 })
    const first = await ask(port, path)
    expect(first).toMatchObject({ status: 303, headers: { location: '/' } })
    // What another server that had this port left in the browser is forgotten.
    expect(first.headers['clear-site-data']).toBe('"cache", "storage"')
    const [cookie = '', ...others] = first.headers['set-cookie'] as string[]
    expect(others).toEqual([])
    expect(cookie).toMatch(
      new RegExp(`^corescope_${port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`),
    )
    const known = { cookie: `other=1; ${cookie.split(';')[0]}` }
    expect(await ask(port, '/', known)).toMatchObject({ status: 200 })

    const again = await ask(port, path)
    expect(again).toMatchObject({ status: 403 })
    expect(again.headers['set-cookie']).toBeUndefined()
    expect(again.text).toContain('This link does not work any more')
    expect(again.text).toContain('Press Enter in the terminal where Corescope runs')
    // Whoever is known already goes on.
    expect(await ask(port, path, known)).toMatchObject({ status: 303, headers: { location: '/' } })
    await end(served)
  })

  it('is refused where it is wrong, and so is whoever comes without it', async () => {
    const served = await serve(scratch.path('wrong.db'))
    const { port } = served
    for (const token of ['', 'x', 'A'.repeat(43), 'é'.repeat(43), 'A'.repeat(5000)]) {
      const answer = await ask(port, `/?token=${encodeURIComponent(token)}`)
      expect(answer.status, token).toBe(403)
      expect(answer.headers['set-cookie']).toBeUndefined()
    }
    const cookies = [
      '',
      `corescope_${port}=`,
      `corescope_${port}=${'A'.repeat(43)}`,
      'corescope_1=x',
    ]
    for (const path of ['/', '/index.html', '/export/1/run.json', '/nothing', '/?tok=x']) {
      for (const cookie of cookies) {
        const answer = await ask(port, path, { cookie })
        expect(answer.status, path).toBe(401)
        expect(answer.text).toContain('This window is not known yet')
      }
    }
    // What was refused has not used up the right one.
    expect(await enter(served)).toContain(`corescope_${port}=`)
    await end(served)
  })

  it('followed from another site goes on by itself, where a redirect would lose the cookie', async () => {
    const served = await serve(scratch.path('mail.db'))
    const { link, port } = served
    const path = link.slice(link.indexOf('/?'))
    const site = { 'sec-fetch-site': 'cross-site' }
    for (const rest of [
      { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
      { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    ]) {
      expect(await ask(port, path, { ...site, ...rest })).toMatchObject({ status: 403 })
    }
    const navigation = { ...site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    const answer = await ask(port, path, navigation)
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('<meta http-equiv="refresh" content="0; url=/">')
    const [cookie = ''] = answer.headers['set-cookie'] as string[]
    expect(await ask(port, '/', { cookie: cookie.split(';')[0] as string })).toMatchObject({
      status: 200,
    })
    await end(served)
  })

  it('is refused with a page that needs nothing else and may load nothing else', async () => {
    const served = await serve(scratch.path('words.db'))
    const { text, headers } = await ask(served.port, '/')
    const style = /<style>([^<]*)<\/style>/.exec(text)?.[1] as string
    const hash = createHash('sha256').update(style).digest('base64')
    expect(headers['content-security-policy']).toContain(`style-src 'sha256-${hash}'`)
    expect(text).not.toMatch(/src=|href=|<script/)
    await end(served)
  })
})

/** util-linux's `script` gives a command a terminal; macOS's takes other flags. */
const hasScript = process.platform === 'linux' && existsSync('/usr/bin/script')

describe.runIf(hasScript)('in a terminal', () => {
  it('Enter makes a new link, and the one before works no longer', async () => {
    // The shell between would tell of its own end by Ctrl-C.
    const command = `exec "${process.execPath}" "${cli}" serve --port 0 --db "${scratch.path('tty.db')}"`
    const terminal = spawn('script', ['-qec', command, '/dev/null'], { stdio: 'pipe' })
    const exited = new Promise((resolve) => terminal.on('exit', resolve))
    let screen = ''
    terminal.stdout.setEncoding('utf8').on('data', (part: string) => {
      screen += part
    })
    const links = () => screen.match(/http:\S+(?=\s)/g) ?? []
    await until('help is shown', () => screen.includes('press Enter for a new link; Ctrl-C ends'))
    terminal.stdin.write('\n')
    await until('there is a second link', () => links().length === 2)
    const [first, second] = links().map((link) => ({ link, port: Number(new URL(link).port) }))
    const { link, port } = first as { link: string; port: number }
    expect(await ask(port, link.slice(link.indexOf('/?')))).toMatchObject({ status: 403 })
    expect(await enter(second as typeof first & object)).toContain('corescope_')
    terminal.stdin.write('\u0003')
    expect(await exited).toBe(0)
  })
})

describe('the page', () => {
  let served: Served
  let cookie = ''
  beforeAll(async () => {
    served = await serve(scratch.path('page.db'))
    cookie = await enter(served)
  })
  afterAll(() => end(served))

  it('is given to who is known, and each of its files as what it is', async () => {
    const { port } = served
    const folder = join(projectRoot, 'out', 'renderer')
    const start = await ask(port, '/', { cookie })
    expect(start.text).toBe(await readFile(join(folder, 'index.html'), 'utf8'))
    expect(start.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
    })
    const names = readdirSync(join(folder, 'assets'))
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) {
      const answer = await ask(port, `/assets/${name}`, { cookie })
      expect(answer.status).toBe(200)
      expect(answer.headers['cache-control']).toBe('private, max-age=31536000, immutable')
      if (name.endsWith('.js')) {
        expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8')
      }
      const head = await ask(port, `/assets/${name}`, { cookie }, 'HEAD')
      expect(head).toMatchObject({ status: 200, text: '' })
      expect(head.headers['content-length']).toBe(answer.headers['content-length'])
    }
  })

  it('may load and reach nothing but what is ours: every answer says so', async () => {
    const { port, link } = served
    const kinds: [
      path: string,
      status: number,
      headers: Record<string, string>,
      method?: string,
    ][] = [
      ['/', 200, { cookie }],
      ['/', 401, {}],
      ['/', 403, { host: 'evil.example' }],
      ['/', 405, { cookie }, 'POST'],
      ['/nothing', 404, { cookie }],
      ['http://127.0.0.1/', 400, { cookie }],
      ['/export/77/run.json', 404, { cookie }],
      ['/socket', 426, { cookie }],
      ['/socket', 401, { connection: 'upgrade', upgrade: 'websocket' }],
      [link.slice(link.indexOf('/?')), 303, { cookie }],
      [link.slice(link.indexOf('/?')), 403, {}],
    ]
    for (const [path, status, headers, method] of kinds) {
      const answer = await ask(port, path, headers, method)
      expect(answer.status, path).toBe(status)
      expect(answer.headers, path).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('camera=()'),
        'cache-control': 'no-store',
      })
      const policy = answer.headers['content-security-policy']
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
      expect(answer.headers['x-powered-by']).toBeUndefined()
    }
    const { headers } = await ask(port, '/', { cookie })
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
        `connect-src 'self' ws://127.0.0.1:${port} ws://localhost:${port}; base-uri 'none'; ` +
        "form-action 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'",
    )
  })

  it.each([
    ...[
      '/..',
      '/../package.json',
      '/..%2fpackage.json',
      '/%2e%2e/package.json',
      '/assets/../../cli',
    ],
    ...[
      '/..\\package.json',
      '/..%5cpackage.json',
      '/./index.html',
      '//index.html',
      '/%2findex.html',
    ],
    ...['/assets', '/assets/', '/index.html/', '/index.html%00', '/%00', '/cli/main.js', '/%'],
    ...['//etc/passwd', '/file:///etc/passwd', '/constructor', '/__proto__', '/;/', '/%252e%252e/'],
    ...['/export', '/export/1', '/export/1/', '/export/0/run.json', '/export/-1/run.json'],
    ...[
      '/export/1/run.json/',
      '/export/1/../run.json',
      '/export/1/RUN.JSON',
      '/export/1e3/run.json',
    ],
    ...['/export/1/samples.csv%00', '/export/x/run.json', `/export/${'9'.repeat(40)}/run.json`],
  ])('knows no file %j', async (path) => {
    expect(await ask(served.port, path, { cookie })).toMatchObject({ status: 404 })
  })

  it.each(['http://127.0.0.1/', 'http://evil.example/', 'file:///etc/passwd', '*', 'index.html'])(
    'takes %j for no address',
    async (path) => {
      expect(await ask(served.port, path, { cookie })).toMatchObject({ status: 400 })
    },
  )

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    'is only looked at: not %s',
    async (method) => {
      const answer = await ask(served.port, '/', { cookie }, method)
      expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
    },
  )

  const foreign = (port: number): Record<string, string>[] => [
    { host: `evil.example:${port}` },
    { host: '127.0.0.1' },
    { host: `127.0.0.1:${port + 1}` },
    { host: `127.0.0.1.evil.example:${port}` },
    { host: `user@127.0.0.1:${port}` },
    { host: `[::1]:${port}` },
    { host: `0.0.0.0:${port}` },
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: `https://127.0.0.1:${port}` },
    { origin: `http://127.0.0.1:${port + 1}` },
    { origin: `http://localhost:${port}` },
    { 'sec-fetch-site': 'cross-site' },
    // Another port of this machine is the same site: its cookies come along.
    { 'sec-fetch-site': 'same-site' },
    {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    },
  ]

  it('is not given to other pages, nor under other names, be the cookie right', async () => {
    const { port } = served
    for (const headers of foreign(port)) {
      for (const path of ['/', '/export/1/run.json']) {
        const answer = await ask(port, path, { cookie, ...headers })
        expect(answer.status, JSON.stringify(headers)).toBe(403)
        expect(answer.text).toContain('<h1>')
      }
    }
    for (const host of ['127.0.0.1', 'localhost']) {
      const own = { cookie, host: `${host}:${port}`, origin: `http://${host}:${port}` }
      expect((await ask(port, '/', own)).status).toBe(200)
      expect((await ask(port, '/', { ...own, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    }
  })

  it('has a socket that is not given to them either', async () => {
    const { port } = served
    const origin = `http://127.0.0.1:${port}`
    const upgrade = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }
    for (const headers of foreign(port)) {
      const answer = await ask(port, '/socket', { ...upgrade, cookie, origin, ...headers })
      expect(answer.status, JSON.stringify(headers)).toBe(403)
    }
    expect((await ask(port, '/socket', { ...upgrade, cookie })).status).toBe(403)
    expect((await ask(port, '/socket', { ...upgrade, origin })).status).toBe(401)
    expect((await ask(port, '/', { ...upgrade, cookie, origin })).status).toBe(404)
    expect((await ask(port, '/socket', { ...upgrade, cookie, origin }, 'POST')).status).toBe(405)
    const h2c = { ...upgrade, upgrade: 'h2c' }
    expect((await ask(port, '/socket', { ...h2c, cookie, origin })).status).toBe(400)
    expect((await ask(port, '/socket', { ...upgrade, cookie, origin })).status).toBe(101)
  })

  it.each([
    ['without a host', 'GET / HTTP/1.0\r\n\r\n', '403 Forbidden'],
    ['without a host, where one is due', 'GET / HTTP/1.1\r\n\r\n', '400 Bad Request'],
    ['for an empty host', 'GET / HTTP/1.1\r\nhost:\r\n\r\n', '403 Forbidden'],
    ['for a tunnel', 'CONNECT evil.example:80 HTTP/1.1\r\nhost: x\r\n\r\n', ''],
    ['that is none', 'hello\r\n\r\n', '400 Bad Request'],
    ['with two lengths', 'GET / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', '400'],
    ['too long', `GET /${'x'.repeat(80_000)} HTTP/1.1\r\n\r\n`, '431 Request Header Fields'],
  ])('ends a request %s', async (_, request, status) => {
    const text = await new Promise<string>((resolve) => {
      let received = ''
      const socket = connect(served.port, '127.0.0.1', () => socket.write(request))
      socket.setEncoding('utf8').on('data', (part: string) => {
        received += part
      })
      socket.on('error', () => {})
      socket.on('close', () => resolve(received))
    })
    expect(text.split('\r\n')[0]).toContain(status)
    expect(text === '').toBe(status === '')
  })

  it('lets go of whoever was refused, and does not wait for them at its end', async () => {
    const own = await serve(scratch.path('half-open.db'))
    const half = connect({ port: own.port, host: '127.0.0.1', allowHalfOpen: true })
    half.on('error', () => {})
    const closed = new Promise((resolve) => half.once('close', resolve))
    half.write(
      `GET /socket HTTP/1.1\r\nhost: 127.0.0.1:${own.port}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`,
    )
    const answer = await new Promise<string>((resolve) =>
      half.once('data', (part) => resolve(String(part))),
    )
    expect(answer).toContain('401')
    // It keeps its own end open, and goes on asking.
    const timer = setInterval(() => half.write('x'), 50)
    half.resume()
    await closed
    clearInterval(timer)
    expect((await end(own)).code).toBe(0)
  })

  it('is for this machine alone', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ address }) => address !== '127.0.0.1')
    for (const { address } of others) {
      const connected = await new Promise((resolve) => {
        const socket = connect({ host: address, port: served.port, timeout: 1000 })
        for (const event of ['connect', 'error', 'timeout']) {
          socket.on(event, () => {
            socket.destroy()
            resolve(event)
          })
        }
      })
      expect(connected, address).not.toBe('connect')
    }
  })
})

describe('the socket', () => {
  let served: Served
  let cookie = ''
  beforeAll(async () => {
    served = await serve(scratch.path('socket.db'))
    cookie = await enter(served)
  })
  afterAll(() => end(served))

  it('answers what the contract knows, each with the number of its request', async () => {
    const tab = await Tab.open(served.port, cookie)
    const [described, estimate, runs] = await Promise.all([
      tab.ask('describe'),
      tab.ask('estimate', { plan: quickPlan }),
      tab.ask('runs'),
    ])
    expect(described).toMatchObject({ shell: 'web', databasePath: scratch.path('socket.db') })
    expect(described.samplePlans.length).toBeGreaterThan(2)
    expect(estimate).toMatchObject({ problems: [], plan: { workload: 'primes' } })
    expect(runs).toEqual({ total: 0, runs: [] })
    tab.socket.close()
  })

  it.each<[string, unknown, RegExp]>([
    [
      'a method that is none',
      { id: 1, method: 'format' },
      /"format" is no method; allowed: descri/,
    ],
    ['the name of what every object has', { id: 1, method: 'toString' }, /is no method/],
    ['no method', { id: 1 }, /nothing is no method/],
    ['parameters of another form', { id: 1, method: 'run', parameters: { id: 'x' } }, /run\.id/],
    ['one parameter too many', { id: 1, method: 'stop', parameters: { now: true } }, /stop/],
    ['parameters that are none', { id: 1, method: 'stop', parameters: [] }, /stop/],
    ['a run that is not there', { id: 1, method: 'run', parameters: { id: 5 } }, /no run 5/],
    ['a dialog that a browser has itself', { id: 1, method: 'openPlan' }, /in a browser the page/],
    ['a plan that is wrong', { id: 1, method: 'start', parameters: { plan: { n: 1 } } }, /n/],
  ])('answers %s with an error in words, and goes on', async (_, message, words) => {
    const tab = await Tab.open(served.port, cookie)
    const replies: { id: number; error: { message: string } }[] = []
    tab.socket.on('message', (data) => replies.push(JSON.parse(String(data))))
    tab.socket.send(JSON.stringify(message))
    await until('it is answered', () => replies.length > 0)
    expect(replies[0]).toMatchObject({ id: 1, error: { message: expect.stringMatching(words) } })
    expect(await tab.ask('runs')).toMatchObject({ total: 0 })
    tab.socket.close()
  })

  it.each<[string, string | Buffer, number, RegExp]>([
    ['no JSON', '{"id": 1, ', 1008, /a message that is no JSON/],
    ['nothing', '', 1008, /no JSON/],
    ['a text', '"start"', 1008, /"start" is no request/],
    ['null', 'null', 1008, /null is no request/],
    ['a list', '[1, 2]', 1008, /a list of 2 is no request/],
    ['a long text', JSON.stringify('☃'.repeat(1000)), 1008, /is no request/],
    ['no number', '{"method": "runs"}', 1008, /a request without a number/],
    ['a number that is none', '{"id": "1", "method": "runs"}', 1008, /without a number/],
    ['a fraction', '{"id": 1.5, "method": "runs"}', 1008, /without a number/],
    ['a number too large', '{"id": 1e300, "method": "runs"}', 1008, /without a number/],
    ['a binary message', Buffer.from('{"id": 1}'), 1008, /JSON, as text/],
    ['too much', JSON.stringify({ id: 1, x: 'x'.repeat(256 * 1024) }), 1009, /^/],
  ])('ends the connection of who sends %s, and no other', async (_, message, code, reason) => {
    const [tab, other] = [await Tab.open(served.port, cookie), await Tab.open(served.port, cookie)]
    tab.socket.send(message)
    const ended = await tab.closed()
    expect(ended.code).toBe(code)
    expect(ended.reason).toMatch(reason)
    expect(await other.ask('runs')).toMatchObject({ total: 0 })
    other.socket.close()
  })

  it('takes a message as large as is allowed, and one that is deep', async () => {
    const tab = await Tab.open(served.port, cookie)
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const replies: { id: number }[] = []
    tab.socket.on('message', (data) => replies.push(JSON.parse(String(data))))
    tab.socket.send(`{"id": 7, "method": "estimate", "parameters": {"plan": {"label": ${deep}}}}`)
    await until('it is answered', () => replies.length > 0)
    expect(replies[0]).toMatchObject({ id: 7, result: { plan: null } })
    const plan = { ...quickPlan, notes: 'x'.repeat(250_000) }
    expect((await tab.ask('estimate', { plan })).problems).toHaveLength(1)
    tab.socket.close()
  })

  it('ends the connection of who sends a flood, of messages or of pings', async () => {
    for (const send of ['send', 'ping'] as const) {
      const tab = await Tab.open(served.port, cookie)
      for (let i = 0; i < 1000; i++) tab.socket[send](JSON.stringify({ id: i, method: 'stop' }))
      const ended = await tab.closed()
      // Of pings there may be so many that there is no room left for words.
      expect(ended).toEqual(
        send === 'ping' && ended.code === 1006
          ? { code: 1006, reason: '' }
          : { code: 1008, reason: 'too many messages at once; connect again' },
      )
      const again = await Tab.open(served.port, cookie)
      expect(await again.ask('runs')).toMatchObject({ total: 0 })
      again.socket.close()
      await again.closed()
    }
  })

  it('is had by 32 tabs; one more is told so, and may come when one has gone', async () => {
    const tabs = await Promise.all(Array.from({ length: 32 }, () => Tab.open(served.port, cookie)))
    const late = await Tab.open(served.port, cookie)
    expect(await late.closed()).toEqual({
      code: 1013,
      reason: '32 tabs are connected already; close one and try again',
    })
    tabs[0]?.socket.close()
    await tabs[0]?.closed()
    const next = await Tab.open(served.port, cookie)
    expect(await next.ask('runs')).toMatchObject({ total: 0 })
    for (const { socket } of [...tabs, next]) socket.close()
  })
})

describe('two tabs', () => {
  let served: Served
  let cookie = ''
  const database = () => scratch.path('tabs.db')
  // Its own: others on this machine may come and go beside it.
  const temporary = () => scratch.path('temporary')
  beforeAll(async () => {
    await mkdir(temporary())
    const environment = { TMPDIR: temporary(), TEMP: temporary(), TMP: temporary() }
    served = await serveIn(environment, database(), '--port', '0')
    cookie = await enter(served)
  })
  afterAll(() => end(served))

  const open = async () => {
    const tab = await Tab.open(served.port, cookie)
    await tab.ask('watch')
    return tab
  }

  it('see the same run from its first event to its last', async () => {
    const [one, two] = [await open(), await open()]
    expect(one.events).toEqual([{ type: 'present', run: null }])
    const { runId } = await one.ask('start', { plan: quickPlan })
    const [seen, alsoSeen] = [await one.runEnded(), await two.runEnded()]
    expect(seen.run).toMatchObject({ id: runId, status: 'done', trials_done: 2 })
    expect(seen.ended).toMatchObject({ count: 2, done: 2 })
    // What comes after the end of the run may have reached one of them first.
    await until('both have heard all', () => one.events.length === two.events.length)
    expect(two.events).toEqual(one.events)
    expect(alsoSeen.toData()).toEqual(seen.toData())
    const types = one.events.flatMap((each) => (each.type === 'run' ? each.event.type : []))
    expect(types.filter((type) => type === 'trial-ended')).toHaveLength(2)
    expect(types.at(-1)).toBe('run-ended')
    // It is what was kept.
    const kept = await two.ask('run', { id: runId })
    const told = one.events.flatMap((each) =>
      each.type === 'run' && each.event.type === 'trial-ended' ? [each.event.trial] : [],
    )
    expect(kept.run.trials.map((trial) => trial.metrics)).toEqual(
      told.map((trial) => trial.metrics),
    )
    for (const { socket } of [one, two]) socket.close()
  })

  it('know the same where one has come in the middle, and one has lost its connection', async () => {
    const first = await open()
    const plan = { ...quickPlan, duration_s: 0.6, repeat: 2, interval_ms: 50 }
    await first.ask('start', { plan })
    const lost = await open()
    await until('a trial is under way', () => first.live?.current?.reading != null)
    const inside = await open()
    lost.socket.terminate()
    await until('a trial has ended', () => (first.live?.ended.count ?? 0) > 0)
    const [between, back] = [await open(), await open()]
    const seen = await first.runEnded()
    expect(seen.run?.status).toBe('done')
    for (const tab of [inside, between, back]) {
      const other = await tab.runEnded()
      expect(other.toData()).toEqual(seen.toData())
      // The rest came as events, and was not sent anew.
      expect(tab.events.filter(({ type }) => type === 'present')).toHaveLength(1)
    }
    // So it is for one who comes when all is over.
    const late = await open()
    expect((await late.runEnded()).toData()).toEqual(seen.toData())
    for (const { socket } of [first, inside, between, back, late]) socket.close()
  })

  it('cannot start a second run, and can stop the first from either', async () => {
    const [one, two] = [await open(), await open()]
    const replies = await Promise.all([
      one.reply('start', { plan: endlessPlan }),
      two.reply('start', { plan: endlessPlan }),
    ])
    const began = replies.find((reply) => 'result' in reply)
    const refused = replies.find((reply) => 'error' in reply)
    expect(began).toMatchObject({ result: { runId: expect.any(Number) } })
    const busy = { code: 'busy', message: expect.stringContaining('a run is going on already') }
    expect(refused).toMatchObject({ error: busy })
    await until('a trial is under way', () => two.live?.current?.phase === 'work')
    expect(await two.reply('start', { plan: quickPlan })).toMatchObject({ error: busy })
    // Its tab's end is not the run's.
    one.socket.terminate()
    const three = await open()
    expect(three.live?.run).toBeNull()
    expect(await three.ask('stop')).toBe(true)
    expect((await two.runEnded()).run).toMatchObject({ status: 'interrupted' })
    expect(await three.ask('stop')).toBe(false)
    for (const { socket } of [two, three]) socket.close()
  })

  it('can stop a run in the same breath as it is started', async () => {
    const tab = await open()
    const [, isStopped] = await Promise.all([
      tab.ask('start', { plan: endlessPlan }),
      tab.ask('stop'),
    ])
    expect(isStopped).toBe(true)
    await until('the run has ended', () => tab.live?.run?.status === 'interrupted')
    tab.socket.close()
  })

  it('are told of what becomes of the saved runs', async () => {
    const [one, two] = [await open(), await open()]
    const { runs } = await one.ask('runs')
    const id = runs[0]?.id as number
    await one.ask('edit', { id, label: 'a <b>name</b>' })
    await until('the other is told', () => two.events.some(({ type }) => type === 'runs-changed'))
    expect((await two.ask('run', { id })).run.label).toBe('a <b>name</b>')
    await two.ask('delete', { id })
    expect(await one.reply('run', { id })).toMatchObject({ error: { code: 'not-found' } })
    await one.ask('restore', { id })
    expect((await two.ask('run', { id })).run.id).toBe(id)
    for (const { socket } of [one, two]) socket.close()
  })

  it('download a run as the command exports it', async () => {
    const tab = await open()
    const { runs } = await tab.ask('runs')
    const id = runs.findLast(({ status }) => status === 'done')?.id as number
    const out = scratch.path('exported')
    await corescope(database(), 'export', String(id), '--format', 'csv', '--out', out)
    for (const form of runForms.filter((each) => !/^(report|chart)/.test(each))) {
      const outcome = await tab.ask('export', { of: { run: id }, form })
      expect(outcome).toEqual({ kind: 'download', url: `/export/${id}/${form}` })
      const { status, headers, text } = await ask(served.port, `/export/${id}/${form}`, { cookie })
      expect(status).toBe(200)
      expect(headers).toMatchObject({
        'content-disposition': `attachment; filename="corescope-run-${id}-${form}"`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      })
      if (form.endsWith('.json')) {
        const format = form === 'run.json' ? 'json' : form.replace('.json', '')
        const file = scratch.path(form)
        await corescope(database(), 'export', String(id), '--format', format, '--out', file)
        expect(JSON.parse(text)).toEqual(JSON.parse(await readFile(file, 'utf8')))
        expect(headers['content-type']).toBe('application/json; charset=utf-8')
      } else {
        const rows: unknown[] = parse(text, { columns: true })
        // A run of a workload has no observations, and no file of them in a folder.
        if (form === 'observations.csv') expect(rows).toEqual([])
        else {
          expect(rows.length).toBeGreaterThan(1)
          expect(text).toBe(await readFile(join(out, form), 'utf8'))
        }
        expect(headers['content-type']).toBe('text/csv; charset=utf-8')
      }
      const head = await ask(served.port, `/export/${id}/${form}`, { cookie }, 'HEAD')
      expect(head).toMatchObject({ status: 200, text: '' })
    }
    tab.socket.close()
  })

  it('download a comparison, and a chart by its name', async () => {
    const tab = await open()
    const { runs } = await tab.ask('runs')
    const id = runs.findLast(({ status }) => status === 'done')?.id as number
    const [a, b] = (await tab.ask('run', { id })).run.configurations
    const sides = [a, b].map((each) => ({ run: id, configuration: each?.id ?? null }))
    const comparison = { of: { sides }, form: 'comparison.csv' } as const
    const [{ name } = { name: '' }] = await tab.ask('charts', { id })
    for (const [wanted, type] of [
      [comparison, 'text/csv; charset=utf-8'],
      [{ ...comparison, form: 'comparison.json' }, 'application/json; charset=utf-8'],
      [{ of: { run: id }, form: 'chart.svg', chart: name, theme: 'dark' }, 'image/svg+xml'],
    ] as const) {
      const { url } = (await tab.ask('export', wanted)) as { url: string }
      const { status, headers, text } = await ask(served.port, url, { cookie })
      expect([status, headers['content-type']]).toEqual([200, type])
      expect(text.length).toBeGreaterThan(100)
    }
    const none = await ask(served.port, `/export/${id}/chart.svg?chart=none`, { cookie })
    expect(none).toMatchObject({ status: 400, text: expect.stringContaining(name) })
    tab.socket.close()
  })

  it('send a run that is imported, and are told what became of it', async () => {
    const tab = await open()
    const { runs } = await tab.ask('runs')
    const id = runs.findLast(({ status }) => status === 'done')?.id as number
    const { text } = await ask(served.port, `/export/${id}/run.json`, { cookie })
    const origin = `http://127.0.0.1:${served.port}`
    const own = { cookie, origin, 'sec-fetch-site': 'same-origin' }
    const send = async (body: string, headers: Record<string, string> = own) => {
      const answer = await fetch(`${origin}${importPath}`, { method: 'POST', body, headers })
      return { status: answer.status, text: await answer.text() }
    }
    expect(await send(text)).toEqual({ status: 200, text: JSON.stringify({ id, isNew: false }) })
    const other = text.replace(/"uid": "[^"]+"/, '"uid": "of-elsewhere"')
    const outcome = JSON.parse((await send(other)).text) as { id: number; isNew: boolean }
    expect(outcome).toEqual({ id: expect.any(Number), isNew: true })
    await until('all are told', () => tab.events.some(({ type }) => type === 'runs-changed'))
    expect((await tab.ask('run', { id: outcome.id })).run.imported_at).not.toBeNull()
    await tab.ask('delete', { id: outcome.id })

    const wrong = await send(`{"x":${'1'.repeat(5_000_000)}}`)
    expect(wrong.status).toBe(400)
    expect(JSON.parse(wrong.text)).toMatchObject({ error: { code: 'bad-input' } })
    for (const [headers, status] of [
      [{ ...own, cookie: '' }, 401],
      [{ ...own, origin: 'http://evil.example' }, 403],
      [{ cookie }, 403],
      [{ ...own, 'sec-fetch-site': 'same-site' }, 403],
    ] as const) {
      expect((await send('{}', headers)).status, JSON.stringify(headers)).toBe(status)
    }
    tab.socket.close()
  })

  it('download a copy of the database, of which nothing stays behind', async () => {
    const tab = await open()
    const left = async () =>
      (await readdir(temporary())).filter((name) => name.startsWith('corescope-backup-'))
    openDatabase(database(), 'write').database.close()
    expect(await tab.ask('backup')).toEqual({ kind: 'download', url: '/backup' })
    const head = await ask(served.port, '/backup', { cookie }, 'HEAD')
    expect(head.headers['content-disposition']).toMatch(/filename="corescope-backup-[\d-]+\.db"/)
    const response = await fetch(`http://127.0.0.1:${served.port}/backup`, { headers: { cookie } })
    const path = scratch.path('copy.db')
    await writeFile(path, Buffer.from(await response.arrayBuffer()))
    const { database: copy } = openDatabase(path, 'read')
    const { total } = await tab.ask('runs')
    expect(copy.prepare('SELECT count(*) FROM catalogue WHERE is_away = 0').pluck().get()).toBe(
      total,
    )
    copy.close()
    await until('the copy it was made from is gone', async () => {
      return (await left()).length === 0
    })
    expect((await ask(served.port, '/backup', {})).status).toBe(401)
    tab.socket.close()
  })

  it('are told in words where a run that is exported has been deleted', async () => {
    const tab = await open()
    const { runs } = await tab.ask('runs')
    const id = runs[0]?.id as number
    const { url } = (await tab.ask('export', { of: { run: id }, form: 'trials.csv' })) as {
      url: string
    }
    await tab.ask('delete', { id })
    expect(await tab.reply('export', { of: { run: id }, form: 'trials.csv' })).toMatchObject({
      error: { code: 'not-found' },
    })
    for (const method of ['GET', 'HEAD']) {
      const { status, headers, text } = await ask(served.port, url, { cookie }, method)
      expect(status).toBe(404)
      expect(headers['content-disposition']).toBeUndefined()
      if (method === 'GET') expect(text).toContain(`Run ${id} has been deleted`)
    }
    tab.socket.close()
  })

  it('get a download that fails on the way as one that has failed, not as a shorter file', async () => {
    const tab = await open()
    const { runs } = await tab.ask('runs')
    const id = runs.find(({ status }) => status === 'done')?.id as number
    const { trials } = (await tab.ask('run', { id })).run
    const spoiled = openDatabase(database(), 'write').database
    spoiled
      .prepare(`UPDATE sample_chunks SET data = x'00' WHERE trial_id = ?`)
      .run(trials.at(-1)?.id)
    spoiled.close()
    await expect(ask(served.port, `/export/${id}/samples.csv`, { cookie })).rejects.toThrow()
    await until('it is told', () => served.told().includes(`Run ${id} could not be exported: `))
    const whole = await ask(served.port, `/export/${id}/trials.csv`, { cookie })
    expect(parse(whole.text, { columns: true })).toHaveLength(trials.length)
    tab.socket.close()
  })

  it.runIf(process.platform === 'linux')(
    'break a download off, and the database is let go of',
    async () => {
      const tab = await open()
      const { runs } = await tab.ask('runs')
      const id = runs.find(({ status }) => status === 'done')?.id as number
      const folder = `/proc/${served.child.pid}/fd`
      const handles = () => readdirSync(folder).length
      const before = handles()
      for (let i = 0; i < 20; i++) {
        await new Promise<void>((resolve) => {
          const socket = connect(served.port, '127.0.0.1', () => {
            socket.write(
              `GET /export/${id}/samples.csv HTTP/1.1\r\nhost: 127.0.0.1:${served.port}\r\ncookie: ${cookie}\r\n\r\n`,
            )
            if (i % 2 === 0) socket.destroy()
          })
          socket.on('data', () => socket.destroy())
          socket.on('close', () => resolve())
        })
      }
      await until('all handles are given back', () => handles() <= before)
      expect(await tab.ask('runs')).toMatchObject({ total: runs.length })
      tab.socket.close()
    },
  )
})

describe('a database that cannot be used', () => {
  it('of a newer Corescope is told in each reply, and the server goes on', async () => {
    const database = scratch.path('newer.db')
    const opened = openDatabase(database, 'write').database
    opened.pragma('user_version = 999')
    opened.close()
    const served = await serve(database)
    const cookie = await enter(served)
    const tab = await Tab.open(served.port, cookie)
    const error = { code: 'database', message: expect.stringContaining('of a newer Corescope') }
    expect(await tab.reply('runs')).toMatchObject({ error })
    expect(await tab.reply('start', { plan: quickPlan })).toMatchObject({ error })
    expect(await tab.reply('export', { of: { run: 1 }, form: 'run.json' })).toMatchObject({ error })
    expect(await ask(served.port, '/export/1/run.json', { cookie })).toMatchObject({
      status: 500,
      text: expect.stringContaining('of a newer Corescope'),
    })
    expect(await tab.ask('describe')).toMatchObject({ shell: 'web' })
    // Once it can be used, it is.
    const mended = openDatabase(scratch.path('other.db'), 'write').database
    const version = mended.pragma('user_version', { simple: true })
    mended.close()
    const raw = new (opened.constructor as new (path: string) => typeof opened)(database)
    raw.pragma(`user_version = ${version}`)
    raw.close()
    expect(await tab.ask('runs')).toEqual({ total: 0, runs: [] })
    expect((await end(served)).code).toBe(0)
  })
})

describe('the port', () => {
  it('that is taken is told in one line where it was asked for', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const ended = await corescope(scratch.path('p.db'), 'serve', '--port', String(port))
    other.close()
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr: `corescope: --port: port ${port} is taken; choose another, or leave it out\n`,
    })
  })

  it('is the usual one or the next that is free where none was asked for', async () => {
    const one = await serveIn({}, scratch.path('p.db'))
    const two = await serveIn({}, scratch.path('p.db'))
    expect(one.port).toBeGreaterThanOrEqual(4747)
    expect(two.port).toBeGreaterThan(one.port)
    expect(two.port).toBeLessThan(4847)
    // Two web shells in one browser know nothing of each other's windows.
    const cookie = await enter(one)
    expect((await ask(two.port, '/', { cookie })).status).toBe(401)
    expect((await ask(one.port, '/', { cookie: `${cookie}; ${await enter(two)}` })).status).toBe(
      200,
    )
    await Promise.all([end(one), end(two)])
  })

  it.concurrent.each(['x', '-1', '65536', '1.5', '', ' 1', '0x10', '99999999999'])(
    'cannot be %j',
    async (port) => {
      const { code, stdout, stderr } = await corescope(
        scratch.path('p.db'),
        'serve',
        `--port=${port}`,
      )
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(
        /^corescope: --port: ".*" is not allowed; allowed: a whole number .*\n$/,
      )
    },
  )
})

describe.runIf(posix)('the browser', () => {
  it('is opened with --open, and where it cannot be, that is told and the server goes on', async () => {
    const environment = { PATH: scratch.path('nowhere') }
    const served = await serveIn(environment, scratch.path('o.db'), '--port', '0', '--open')
    const line = /^corescope: the browser was not opened: .*; open the link yourself$/m
    await until('that is told', () => line.test(served.told()))
    const cookie = await enter(served)
    expect((await ask(served.port, '/', { cookie })).status).toBe(200)
    expect((await end(served)).code).toBe(0)
  })

  it('that fails is told as well, but not one that ends after it has been used', async () => {
    const folder = scratch.path('browsers')
    const go = scratch.path('go')
    await mkdir(folder)
    const script = `#!/bin/sh\nuntil test -e '${go}'; do /bin/sleep 0.05; done\nexit 4\n`
    await writeFile(join(folder, opener), script, { mode: 0o755 })
    const flags = ['--port', '0', '--open']
    const [one, two] = await Promise.all([
      serveIn({ PATH: folder }, scratch.path('o.db'), ...flags),
      serveIn({ PATH: folder }, scratch.path('o.db'), ...flags),
    ])
    await enter(two)
    await writeFile(go, '')
    await until('the first is told', () => one.told().includes('not opened: no browser is to be'))
    const [first, second] = await Promise.all([end(one), end(two)])
    expect(first.code).toBe(0)
    expect(second.stderr).not.toContain('not opened')
  })
})

describe.runIf(posix)('the end', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s in the middle of a run keeps what was measured',
    async (signal) => {
      const database = scratch.path(`${signal}.db`)
      const served = await serve(database)
      const tab = await Tab.open(served.port, await enter(served))
      await tab.ask('watch')
      await tab.ask('start', { plan: endlessPlan })
      await trialIsBusy(database)
      served.child.kill(signal)
      const { code, stderr } = await served.ended
      expect(code).toBe(130)
      expect(stderr).toContain('ending the run; what was measured is kept\n')
      // The tab has seen the end of the run, and then that of the server.
      expect(await tab.closed()).toEqual({
        code: 1001,
        reason: 'Corescope has been ended in its terminal',
      })
      expect(tab.live?.run).toMatchObject({ status: 'interrupted' })
      const { run, configurations } = JSON.parse(
        (await corescope(database, 'show', 'last', '--json')).stdout,
      )
      expect(run).toMatchObject({ status: 'interrupted', reason: 'stopped by the user' })
      expect(configurations[0].trials[0]).toMatchObject({ status: 'interrupted' })
      await until('nothing of ours is left', async () => (await ourProcesses()).length === 0)
    },
  )

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s with nothing going on is no failure, whoever is connected',
    async (signal) => {
      const served = await serve(scratch.path('idle.db'))
      const cookie = await enter(served)
      const tab = await Tab.open(served.port, cookie)
      const deaf = await Tab.open(served.port, cookie)
      deaf.socket.pause()
      const silent = connect(served.port, '127.0.0.1')
      silent.on('error', () => {})
      await until('the silent one is connected', () => !silent.connecting)
      served.child.kill(signal)
      expect(await served.ended).toMatchObject({ code: 0 })
      expect((await tab.closed()).code).toBe(1001)
      deaf.socket.terminate()
      silent.destroy()
    },
  )

  it('of the launcher, however it went, is the end', async () => {
    const database = scratch.path('launched.db')
    const wrapper = `
      const { spawn } = require('node:child_process')
      const child = spawn(process.execPath, ${JSON.stringify([cli, 'serve', '--port', '0'])}, {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        env: { ...process.env, CORESCOPE_LAUNCHER: '1' },
      })
      child.on('exit', () => process.exit())
    `
    const launcher = spawn(process.execPath, ['-e', wrapper], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, CORESCOPE_DB: database },
    })
    let printed = ''
    launcher.stdout.setEncoding('utf8').on('data', (part: string) => {
      printed += part
    })
    await until('the link is there', () => printed.includes('\n'))
    const link = printed.trim()
    const port = Number(new URL(link).port)
    const tab = await Tab.open(port, await enter({ link, port }))
    await tab.ask('start', { plan: endlessPlan })
    await trialIsBusy(database)
    launcher.kill('SIGKILL')
    expect((await tab.closed()).code).toBe(1001)
    await until('nothing of ours is left', async () => (await ourProcesses()).length === 0)
    const [run] = JSON.parse((await corescope(database, 'runs', '--json')).stdout)
    expect(run.status).toBe('interrupted')
  })
})

describe('the other commands', () => {
  it('load nothing of it', async () => {
    const loaded = async (...flags: string[]) => {
      const { child, ended } = startIn({ NODE_DEBUG: 'esm' }, scratch.path('l.db'), ...flags)
      if (flags[0] === 'serve') {
        await linkFrom({ child })
        child.kill('SIGINT')
      }
      return (await ended).stderr
    }
    const parts = /out\/cli\/(serve|open)-/
    expect(await loaded('serve', '--port', '0')).toMatch(parts)
    expect(await loaded('workloads')).not.toMatch(parts)
  })
})
