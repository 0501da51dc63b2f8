import { createHash } from 'node:crypto'
import { securityHeaders } from '../../service/page-files.ts'

/** A page that says something in words, and needs nothing else to be shown. */
export interface MessagePage {
  readonly title: string
  readonly paragraphs: readonly string[]
  /** Where the browser goes by itself at once. */
  readonly onward?: string
}

const style = `
:root { color-scheme: light dark }
body { margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: light-dark(#f6f7f9, #14171c); color: light-dark(#1c2127, #e6e9ee);
  font: 1.0625rem/1.6 system-ui, sans-serif }
main { max-width: 34rem; margin: 2rem; padding: 2.5rem 3rem; border-radius: 1rem;
  background: light-dark(#fff, #1d2129); border: 1px solid light-dark(#dfe3e8, #323844) }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; font-weight: 600 }
p { margin: 0 0 .75rem; overflow-wrap: anywhere }
p:last-child { margin: 0 }
`

/** Its style stands in the page itself, and is all that it may load. */
const styleHash = createHash('sha256').update(style).digest('base64')
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

export const messageHeaders: Readonly<Record<string, string>> = {
  ...securityHeaders([]),
  'content-security-policy': policy,
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
}

export function messageHtml({ title, paragraphs, onward }: MessagePage): string {
  const refresh =
    onward === undefined ? '' : `<meta http-equiv="refresh" content="0; url=${escaped(onward)}">`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">${refresh}
<title>${escaped(title)} · Corescope</title><style>${style}</style></head>
<body><main><h1>${escaped(title)}</h1>
${paragraphs.map((text) => `<p>${escaped(text)}</p>`).join('\n')}
</main></body></html>
`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
