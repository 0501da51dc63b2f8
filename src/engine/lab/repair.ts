import type { IntegrityLook, RepairOutcome } from '../../shared/model/repair.ts'
import type { DatabaseConnection } from './database-connection.ts'

/** Whether the database is sound, and what can be saved where it is not. */
export class Repair {
  readonly #connection: DatabaseConnection

  constructor(connection: DatabaseConnection) {
    this.#connection = connection
  }

  /** As much as can be looked at without making anyone wait. */
  async look(): Promise<IntegrityLook> {
    const [{ statSync }, { quickLook }] = await Promise.all([
      import('node:fs'),
      import('../storage/repair/integrity.ts'),
    ])
    return this.#connection.read(({ opened }) => {
      if (opened.isMissing) return { looked_at: 'nothing', problem: null }
      return quickLook(opened.database, statSync(opened.path).size)
    })
  }

  /**
   * Checks the whole database; where it is damaged, saves what can be read into a new one. The old one
   * is not touched.
   *
   * @param out the new database; a name beside the old one where it is left out
   * @throws LabError `bad-input`, `database`, `database-full`, `busy`
   */
  async repair(out?: string): Promise<RepairOutcome> {
    const { repairDatabase } = await import('../storage/repair/repair.ts')
    return repairDatabase(this.#connection.path, out, new Date())
  }
}
