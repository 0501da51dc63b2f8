import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { LabError } from '../shared/model/problem.ts'

/** A file of the page, as it is sent. */
export interface PageFile {
  readonly body: Buffer
  /** Content type. */
  readonly type: string
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/**
 * Reads the built page, once: what is not in this map when the shell starts is never served, so no
 * path leads out of the folder. Links are left out.
 *
 * @returns the files by the path of their URL; `/` is the page itself
 * @throws LabError `internal`, where the page has not been built
 */
export function readPage(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>()
  for (const path of filesBelow(folder)) {
    const type = contentTypes[extname(path)] ?? 'application/octet-stream'
    files.set(`/${relative(folder, path).split(sep).join('/')}`, { body: readFileSync(path), type })
  }
  const index = files.get('/index.html')
  if (index === undefined) throw notBuilt(folder)
  return files.set('/', index)
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw notBuilt(folder)
    throw error
  }
}

function notBuilt(folder: string): LabError {
  return new LabError('internal', `${folder}: the page is not built yet; run npm run build`)
}

/** What a page may be given by the browser and is never asked for here. */
const deniedFeatures = [
  'accelerometer',
  'autoplay',
  'bluetooth',
  'camera',
  'clipboard-read',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'storage-access',
  'usb',
  'window-management',
  'xr-spatial-tracking',
]

/**
 * What every answer to the page carries, whichever shell gives it: the page runs its own scripts and
 * styles, and reaches nothing else.
 *
 * @param connectSources where the page may open connections to, as CSP writes it; none where empty
 */
export function securityHeaders(
  connectSources: readonly string[],
): Readonly<Record<string, string>> {
  const connect = connectSources.length === 0 ? `'none'` : connectSources.join(' ')
  return {
    'content-security-policy': [
      `default-src 'none'`,
      `script-src 'self'`,
      `style-src 'self'`,
      `img-src 'self' data:`,
      `font-src 'self'`,
      `connect-src ${connect}`,
      `base-uri 'none'`,
      `form-action 'none'`,
      `frame-ancestors 'none'`,
      `object-src 'none'`,
      `require-trusted-types-for 'script'`,
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': deniedFeatures.map((feature) => `${feature}=()`).join(', '),
  }
}
