// Opens an old database and is killed in the middle of the step to the next version.
import BetterSqlite3 from 'better-sqlite3'
import { migrate, migrations, versionOf } from '../../src/engine/storage/migrations.ts'

const database = new BetterSqlite3(process.argv[2] as string)
const version = versionOf(database)
database.function('die', () => {
  process.kill(process.pid, 'SIGKILL')
  return null
})
const step = `${migrations[version]}; SELECT die();`
migrate(database, [...migrations.slice(0, version), step])
process.stdout.write('not killed')
