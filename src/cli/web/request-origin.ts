import type { IncomingHttpHeaders } from 'node:http'

/** The names that a browser on this machine reaches us by. */
export function ownHosts(port: number): readonly string[] {
  // Browsers leave HTTP's own port out.
  return ['127.0.0.1', 'localhost'].map((name) => (port === 80 ? name : `${name}:${port}`))
}

/**
 * Why a request is not one of our own page's, or of somebody who typed our address; null where it is.
 * A foreign name may have been pointed at this machine (DNS rebinding): it shows in Host. A foreign
 * page's requests come with its own Origin.
 */
export function whyForeign(headers: IncomingHttpHeaders, hosts: readonly string[]): string | null {
  const { host, origin } = headers
  if (host === undefined || !hosts.includes(host)) {
    return `Corescope answers to ${hosts.join(' and ')} alone.`
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return 'Another page has asked for this. Corescope answers its own page alone.'
  }
  return null
}

/**
 * Whether the browser says that another site has caused a request, be it a mere link. Another port of
 * this machine is the same site, but not us.
 */
export function isFromElsewhere(headers: IncomingHttpHeaders): boolean {
  return !['none', 'same-origin', undefined].includes(headers['sec-fetch-site'] as string)
}

/** Whether a window is to show the answer, and no part of a page, frame or script. */
export function isForWindow(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
}
