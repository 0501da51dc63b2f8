import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Lab } from '../../engine/lab.ts'
import type { LabService } from '../../service/lab-service.ts'
import { type PageFile, securityHeaders } from '../../service/page-files.ts'
import { importPath } from '../../shared/contract.ts'
import { printable } from '../../shared/model/problem.ts'
import { socketPath } from '../../shared/socket-protocol.ts'
import { Admission } from './admission.ts'
import { backupPath, sendBackup } from './backup-download.ts'
import type { Listening } from './listening.ts'
import { type MessagePage, messageHeaders, messageHtml } from './message-page.ts'
import { isForWindow, isFromElsewhere, ownHosts, whyForeign } from './request-origin.ts'
import { type DownloadProblem, downloadIn, sendExport } from './run-download.ts'
import { takeRun } from './run-upload.ts'
import { Sockets } from './sockets.ts'

export interface Site {
  readonly page: ReadonlyMap<string, PageFile>
  readonly lab: Lab
  readonly service: LabService
  /** Writes to the terminal. */
  tell(text: string): void
}

/** Something is refused: how HTTP says so, and how people do. */
interface Refusal extends MessagePage {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
}

const newLink = 'Press Enter in the terminal where Corescope runs, and open the link that it shows.'
const startAgain = 'Where that is no terminal, end it and start it again.'

const refusals = {
  foreign: {
    status: 403,
    title: 'Not from here',
    paragraphs: ['Corescope answers its own page alone.'],
  },
  stranger: {
    status: 401,
    title: 'This window is not known yet',
    paragraphs: ['Corescope opens by a link that works once.', newLink, startAgain],
  },
  usedLink: {
    status: 403,
    title: 'This link does not work any more',
    paragraphs: [
      'A link to Corescope works once, and only the newest one. This one has been used, or a newer one has been made since.',
      newLink,
      startAgain,
    ],
  },
  elsewhere: {
    status: 403,
    title: 'Another page has led here',
    paragraphs: [
      'Corescope can be opened by its own link, or by its address typed into the browser, but not from another page.',
    ],
  },
  nothing: {
    status: 404,
    title: 'There is nothing here',
    paragraphs: ['Corescope has one page only, at the address without anything after it.'],
  },
  method: {
    status: 405,
    headers: { allow: 'GET, HEAD' },
    title: 'This cannot be done here',
    paragraphs: ['Pages can be looked at (GET, HEAD), nothing else.'],
  },
  form: {
    status: 400,
    title: 'This is no request for a page',
    paragraphs: ['An address begins with a slash.'],
  },
  manyDownloads: {
    status: 503,
    title: 'Too many downloads at once',
    paragraphs: ['Some are still going on; try again when they have ended.'],
  },
  manyUploads: {
    status: 503,
    title: 'Too many imports at once',
    paragraphs: ['Some are still going on; try again when they have ended.'],
  },
  socketOnly: {
    status: 426,
    headers: { upgrade: 'websocket', connection: 'upgrade' },
    title: 'This address is for a WebSocket',
    paragraphs: ['The page speaks with Corescope through it.'],
  },
} as const satisfies Readonly<Record<string, Refusal>>

/** Each holds a connection to the database. */
const mostDownloads = 8
const mostUploads = 2

/**
 * What another server that had this port before may have left in the browser: files under our names,
 * and a worker that answers in our stead.
 */
const forgetting = { 'clear-site-data': '"cache", "storage"' } as const

/** The page, its socket and its downloads, for whoever has been let in; the only way in is the link. */
export class WebServer {
  readonly #listening: Listening
  readonly #site: Site
  readonly #hosts: readonly string[]
  readonly #headers: Readonly<Record<string, string>>
  readonly #admission: Admission
  readonly #sockets: Sockets
  #hasBeenOpened = false
  #downloads = 0
  #uploads = 0

  constructor(listening: Listening, site: Site) {
    const { server, port } = listening
    this.#listening = listening
    this.#site = site
    this.#hosts = ownHosts(port)
    // Not every browser takes 'self' to hold for WebSockets.
    this.#headers = securityHeaders(["'self'", ...this.#hosts.map((host) => `ws://${host}`)])
    this.#admission = new Admission(port)
    this.#sockets = new Sockets(site.service)
    server.on('request', (request, response) => void this.#answer(request, response))
    server.on('upgrade', (request, connection, head) => this.#upgrade(request, connection, head))
  }

  /** A link that works once; those made before work no longer. */
  newLink(): string {
    return `http://127.0.0.1:${this.#listening.port}/?token=${this.#admission.newToken()}`
  }

  /** Whether somebody has come by a link. */
  get hasBeenOpened(): boolean {
    return this.#hasBeenOpened
  }

  async close(): Promise<void> {
    const { server } = this.#listening
    const closed = new Promise((resolve) => server.close(resolve))
    await this.#sockets.close()
    server.closeAllConnections()
    await closed
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = this.#tokenIn(request)
    const refusal = this.#whyRefused(request, token !== null)
    if (refusal !== null) refuse(response, refusal)
    else if (token !== null) this.#welcome(request, response, token)
    else await this.#give(request, response)
  }

  /** The token of a link that is opened; one that is merely looked at, as by HEAD, is not used up. */
  #tokenIn({ method, url = '' }: IncomingMessage): string | null {
    return method === 'GET' && url.startsWith('/?')
      ? new URLSearchParams(url.slice(2)).get('token')
      : null
  }

  #whyRefused(request: IncomingMessage, isByLink: boolean): Refusal | null {
    const { headers, method, url = '' } = request
    const foreign = whyForeign(headers, this.#hosts)
    if (foreign !== null) return { ...refusals.foreign, paragraphs: [foreign] }
    // A browser always says whose page sends something.
    const isUpload = method === 'POST' && url === importPath
    if (isUpload && headers.origin === undefined) return refusals.foreign
    if (method !== 'GET' && method !== 'HEAD' && !isUpload) return refusals.method
    if (!url.startsWith('/')) return refusals.form
    // A link may be followed from anywhere, into a window of its own.
    if (isFromElsewhere(headers) && !(isByLink && isForWindow(headers))) return refusals.elsewhere
    if (!isByLink && !this.#admission.knows(headers.cookie)) return refusals.stranger
    return null
  }

  /** What is asked for by one who has been let in. */
  async #give(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path, query] = (request.url as string).split('?') as [string, string | undefined]
    if (request.method === 'POST') return this.#takeRun(request, response)
    const file = this.#site.page.get(path)
    const download = downloadIn(path, query)
    if (file !== undefined) this.#sendFile(request, response, path, file)
    else if (download !== null) {
      await this.#download(response, () =>
        sendExport(this.#site, download, request, response, this.#headers),
      )
    } else if (path === backupPath) {
      await this.#download(response, () =>
        sendBackup(this.#site.lab, request, response, this.#headers),
      )
    } else refuse(response, path === socketPath ? refusals.socketOnly : refusals.nothing)
  }

  /** Turns the token into the cookie, so that it leaves the address bar. */
  #welcome(request: IncomingMessage, response: ServerResponse, token: string): void {
    const { headers } = request
    if (!this.#admission.redeem(token) && !this.#admission.knows(headers.cookie)) {
      refuse(response, refusals.usedLink)
      return
    }
    this.#hasBeenOpened = true
    const cookie = { 'set-cookie': this.#admission.cookie }
    const all = { ...messageHeaders, ...cookie, ...forgetting }
    if (!isFromElsewhere(headers)) {
      response.writeHead(303, { ...all, location: '/' }).end()
      return
    }
    // Followed from a page of another site, as a web mail's: a redirect would still count as that
    // site's and come without the cookie. A page of our own that goes on by itself does not.
    const words = { title: 'Opening Corescope', paragraphs: ['One moment.'], onward: '/' }
    response.writeHead(200, all).end(messageHtml(words))
  }

  #sendFile(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    { body, type }: PageFile,
  ): void {
    // The build names what is in there after its content.
    const isHashed = path.startsWith('/assets/')
    response.writeHead(200, {
      ...this.#headers,
      'content-type': type,
      'content-length': body.length,
      'cache-control': isHashed ? 'private, max-age=31536000, immutable' : 'no-store',
    })
    response.end(request.method === 'HEAD' ? undefined : body)
  }

  async #takeRun(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#uploads >= mostUploads) {
      refuse(response, refusals.manyUploads)
      return
    }
    this.#uploads++
    await takeRun(this.#site.service, request, response, this.#headers).finally(() => {
      this.#uploads--
    })
  }

  async #download(
    response: ServerResponse,
    send: () => Promise<DownloadProblem | null>,
  ): Promise<void> {
    if (this.#downloads >= mostDownloads) {
      refuse(response, refusals.manyDownloads)
      return
    }
    this.#downloads++
    const problem = await send().finally(() => {
      this.#downloads--
    })
    if (problem === null) return
    if (!response.headersSent) refuse(response, problem)
    else {
      const words = `${problem.title}: ${problem.paragraphs.join(' ')}`
      this.#site.tell(`corescope: ${printable(words)}\n`)
    }
  }

  #upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    connection.on('error', () => connection.destroy())
    const refusal = this.#whyRefused(request, false) ?? whyNoSocket(request)
    if (refusal === null) this.#sockets.accept(request, connection, head)
    else refuseUpgrade(connection, refusal)
  }
}

function whyNoSocket({ headers, url }: IncomingMessage): Refusal | null {
  // A browser always says whose page opens a socket; what does not say so is not let in.
  if (headers.origin === undefined) return refusals.foreign
  return url === socketPath ? null : refusals.nothing
}

function refuse(response: ServerResponse, { status, headers, ...words }: Refusal): void {
  // Whatever else comes on this connection, a body for one, is not waited for.
  response.shouldKeepAlive = false
  response.writeHead(status, { ...messageHeaders, ...headers }).end(messageHtml(words))
}

function refuseUpgrade(connection: Duplex, { status, headers, ...words }: Refusal): void {
  const text = messageHtml(words)
  const length = String(Buffer.byteLength(text))
  const all = { ...messageHeaders, ...headers, 'content-length': length, connection: 'close' }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  const answer = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${text}`
  // One that does not close its end is not waited for: nobody else would close it.
  connection.end(answer, () => connection.destroy())
}
