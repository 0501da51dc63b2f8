import { checkLayers, projectRoot } from './layers.ts'

const { modules, imports, breaches } = checkLayers(process.argv[2] ?? projectRoot)
for (const breach of breaches) console.error(breach)
console.log(`layers: ${modules} modules, ${imports} imports, ${breaches.length} breaches`)
// A check that has read nothing has checked nothing.
process.exitCode = breaches.length > 0 || modules === 0 || imports === 0 ? 1 : 0
