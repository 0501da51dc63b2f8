import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { readingError } from '../../service/output-error.ts'
import { LabError, printable } from '../../shared/model/problem.ts'
import { whileWriting, writeExport } from '../exporting.ts'
import { runFormats } from '../formats.ts'
import { prepareFile, prepareFolder, writeDocument } from '../output.ts'
import { runNumber } from '../run-number.ts'
import { type ExitCode, exitCodes, type Shell } from '../shell.ts'

export interface ExportOptions {
  readonly format: string
  readonly out: string
  readonly chart?: string
  readonly theme?: 'light' | 'dark'
  /** False under `--no-samples`. */
  readonly samples?: boolean
}

/** `corescope export RUN --format F --out PATH` */
export async function exportCommand(
  shell: Shell,
  name: string,
  { format, out, chart, theme = 'light', samples = true }: ExportOptions,
): Promise<ExitCode> {
  const { lab, print } = shell
  const run = await lab.saved.run(runNumber(name))
  if (format === 'csv') {
    return whileWriting(shell, out, async (listener) => {
      await prepareFolder(out, '--out')
      listener.signal.throwIfAborted()
      return lab.exchange.exportCsv(run, out, listener)
    })
  }
  if (format === 'json' && !samples) {
    return whileWriting(shell, out, async ({ signal }) => {
      await prepareFile(out, '--out')
      const document = await lab.exchange.document(run)
      signal.throwIfAborted()
      if (out === '-') print(`${JSON.stringify(document, null, 2)}\n`)
      else await writeDocument(out, document)
      return out === '-' ? [] : [out]
    })
  }
  const form = runFormats[format as keyof typeof runFormats]
  return writeExport(
    shell,
    { of: { run: run.id }, form, theme, ...(chart === undefined ? {} : { chart }) },
    out,
  )
}

/** `corescope import FILE…`; `-` is standard input. */
export async function importCommand(
  { lab, tell }: Shell,
  files: readonly string[],
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done
  for (const file of files) {
    const name = file === '-' ? 'standard input' : basename(file)
    const source = file === '-' ? process.stdin : createReadStream(file)
    try {
      const { id, isNew } = await lab.exchange.import(source, name)
      tell(
        isNew
          ? `imported ${printable(name)} as run ${id}\n`
          : `${printable(name)} is here already, as run ${id}\n`,
      )
    } catch (error) {
      const told = readingError(error, file)
      if (!(told instanceof LabError)) throw told
      tell(`corescope: ${printable(told.message)}\n`)
      code = exitCodes.badInput
    } finally {
      source.destroy()
    }
  }
  return code
}
