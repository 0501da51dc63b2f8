import { shell } from 'electron'

/** All that is ever opened outside the app, in the user's browser. */
export const externalLinks = [
  { label: 'Node.js: Worker threads', url: 'https://nodejs.org/api/worker_threads.html' },
  { label: 'Node.js: Child processes', url: 'https://nodejs.org/api/child_process.html' },
] as const

/** Opens one of these links; anything else is ignored, whoever asks for it. */
export function openExternally(address: string): void {
  const link = externalLinks.find(({ url }) => url === address)
  if (link !== undefined) void shell.openExternal(link.url)
}
