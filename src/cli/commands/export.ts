import { outputError } from '../../service/output-error.ts'
import { prepareFile, prepareFolder, writeDocument } from '../output.ts'
import { runNumber } from '../run-name.ts'
import { type ExitCode, exitCodes, type Shell } from '../shell.ts'

/** `corescope export RUN --format F --out PATH` */
export async function exportCommand(
  { lab, print, tell }: Shell,
  name: string,
  { format, out }: { readonly format: string; readonly out: string },
): Promise<ExitCode> {
  const run = await lab.saved.run(runNumber(name))
  if (format === 'csv') {
    await prepareFolder(out, '--out')
    const files = await lab.exchange.exportCsv(run, out).catch((error: unknown) => {
      throw outputError(error, out)
    })
    tell(files.map((file) => `wrote ${file}\n`).join(''))
  } else if (out === '-') {
    print(`${JSON.stringify(await lab.exchange.document(run), null, 2)}\n`)
  } else {
    await prepareFile(out, '--out')
    await writeDocument(out, await lab.exchange.document(run))
    tell(`wrote ${out}\n`)
  }
  return exitCodes.done
}
