import type { Entry, Machine } from './machine.ts'

/**
 * Why a program only stands in for a Python that is not installed, so that it must not be started: it
 * would open a window and ask. Null where it is none.
 */
export async function whyStub(
  path: string,
  entry: Entry,
  machine: Machine,
): Promise<string | null> {
  if (machine.platform === 'win32') return isStoreStub(entry) ? storeStub : null
  if (machine.platform !== 'darwin' || path !== '/usr/bin/python3') return null
  return (await machine.run('/usr/bin/xcode-select', ['-p'])) === null ? appleStub : null
}

/** What is installed from the Store has an alias as well: that one leads to its own program. */
function isStoreStub({ alias, size }: Entry): boolean {
  if (alias === null) return false
  return alias === '' ? size === 0 : /AppInstallerPythonRedirector\.exe$/i.test(alias)
}

const storeStub = 'is the Microsoft Store’s stub, no Python: it would open the Store'
const appleStub = 'is Apple’s stub, no Python: it would ask to install the developer tools'
