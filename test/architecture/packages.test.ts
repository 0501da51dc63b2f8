import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from './layers.ts'

interface Locked {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly optionalDependencies?: Readonly<Record<string, string>>
        readonly gypfile?: boolean
        readonly resolved?: string
      }
    >
  >
}

const { packages } = JSON.parse(
  readFileSync(join(projectRoot, 'package-lock.json'), 'utf8'),
) as Locked

describe('the lock file', () => {
  it('names every optional package, those of other platforms too: else npm ci refuses', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) =>
          !(`node_modules/${name}` in packages || `${path}/node_modules/${name}` in packages),
      ),
    )
    expect(missing).toEqual([])
  })

  // npm forgets what the package says of itself, and would call node-gyp, which needs Python, for a
  // package that brings its binaries along. npm does not write this line either: add it by hand.
  it('says that better-sqlite3 is not to be built', () => {
    expect(packages['node_modules/better-sqlite3']?.gypfile).toBe(false)
  })

  it('names no registry', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([])
  })
})
