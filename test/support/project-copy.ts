import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const root = join(import.meta.dirname, '..', '..')

/**
 * Copies of the sources to spoil or to add to, removed after the tests of a file. They lie inside the
 * project, so that its packages are found from them.
 */
export function projectCopy(): { make(...besides: readonly string[]): Promise<string> } {
  const folders: string[] = []
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  })
  return {
    async make(...besides) {
      await mkdir(join(root, '.cache'), { recursive: true })
      const folder = await mkdtemp(join(root, '.cache', 'copy-'))
      folders.push(folder)
      for (const path of ['src', ...besides]) {
        await cp(join(root, path), join(folder, path), { recursive: true })
      }
      return folder
    },
  }
}
