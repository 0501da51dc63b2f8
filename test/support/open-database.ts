// Opens a database at a given instant, as an app does that is started together with others.
import { openDatabase } from '../../src/engine/storage/database.ts'

const [path = '', at = '0'] = process.argv.slice(2)
while (Date.now() < Number(at));
openDatabase(path, 'write').database.close()
process.stdout.write('opened')
