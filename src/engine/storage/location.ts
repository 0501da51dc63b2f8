import { join } from 'node:path'
import envPaths from 'env-paths'

/** Where runs are kept unless the user says otherwise: in the platform's folder for application data. */
export function defaultDatabasePath(): string {
  return join(envPaths('corescope', { suffix: '' }).data, 'corescope.db')
}
