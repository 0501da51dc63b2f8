import { protocol } from 'electron'
import { type PageFile, securityHeaders } from '../service/page-files.ts'

const scheme = 'corescope'
const host = 'app'

/** Where the page is; the one address that the window ever shows. */
export const pageUrl = `${scheme}://${host}/`

/** Makes the scheme one like https, with an origin of its own. Before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Whether a document at this address is ours. */
export function isOurPage(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && url.protocol === `${scheme}:` && url.host === host
}

/** Serves the page's files from memory: what is not in the map is not there. */
export function servePage(files: ReadonlyMap<string, PageFile>): void {
  const headers = securityHeaders([])
  const refuse = (status: number) => new Response(null, { status, headers })
  protocol.handle(scheme, ({ url, method }) => {
    if (method !== 'GET') return refuse(405)
    const { pathname } = new URL(url)
    const file = isOurPage(url) ? files.get(pathname === '' ? '/' : pathname) : undefined
    if (file === undefined) return refuse(404)
    return new Response(new Uint8Array(file.body), {
      headers: { ...headers, 'content-type': file.type },
    })
  })
}
