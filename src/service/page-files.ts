import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { LabError } from '../shared/model/problem.ts'

/** A file of the built page, as it is served. */
export interface PageFile {
  readonly body: Buffer
  /** Its media type. */
  readonly type: string
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

/**
 * The built page, by the path of each file's URL; `/` is its start. All of it is read once: what is
 * asked for is looked up and never made into a path, so that nothing outside can be reached.
 *
 * @throws LabError `internal` where the page is not built
 */
export function readPage(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>()
  for (const path of filesIn(folder)) {
    const type = types[extname(path).toLowerCase()] ?? 'application/octet-stream'
    files.set(`/${relative(folder, path).split(sep).join('/')}`, { body: readFileSync(path), type })
  }
  const start = files.get('/index.html')
  if (start === undefined) throw notBuilt(folder)
  return files.set('/', start)
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw notBuilt(folder)
  }
}

function notBuilt(folder: string): LabError {
  return new LabError('internal', `${folder}: the page is not built yet; run npm run build`)
}

/** What the page never does, so that nothing that slips into it can. */
const denied = [
  ...['accelerometer', 'autoplay', 'camera', 'display-capture', 'encrypted-media'],
  ...['geolocation', 'gyroscope', 'hid', 'local-fonts', 'magnetometer', 'microphone', 'midi'],
  ...['payment', 'picture-in-picture', 'publickey-credentials-get', 'screen-wake-lock', 'serial'],
  ...['usb', 'xr-spatial-tracking'],
]

/**
 * What a browser is told of every answer.
 *
 * @param connectSources what the page may open connections to, in the words of a content security
 *   policy; nothing where there are none
 */
export function securityHeaders(
  connectSources: readonly string[],
): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connectSources.length > 0 ? connectSources.join(' ') : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
  ]
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': denied.map((feature) => `${feature}=()`).join(', '),
  }
}
