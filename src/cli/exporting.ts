import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type ExportListener, writeWhole } from '../engine/lab.ts'
import { outputError } from '../service/output-error.ts'
import type { ExportRequest } from '../shared/contract.ts'
import { isReplaced, prepareFile } from './output.ts'
import { type ExitCode, exitCodes, type Shell } from './shell.ts'
import { onStopSignal } from './stop-signal.ts'

/**
 * Writes something of the saved runs to a file, or to standard output (`-`): with a line that says how
 * far it has come where there is a terminal, and until Ctrl-C.
 *
 * @throws LabError `bad-input` where it cannot be written there, `output` where that fails
 */
export async function writeExport(
  shell: Shell,
  request: ExportRequest,
  out: string,
): Promise<ExitCode> {
  return whileWriting(shell, out, async (listener) => {
    await prepareFile(out, '--out')
    listener.signal.throwIfAborted()
    const source = await shell.lab.exchange.export(request, listener)
    await writeStream(source, out, listener.signal)
    return out === '-' ? [] : [out]
  })
}

/**
 * Does something that writes files, or tries whether they can be written: told on the way, ended by
 * Ctrl-C, which leaves nothing of either.
 *
 * @param out what is named where it fails
 * @param write returns the paths of what it has written
 */
export async function whileWriting(
  { tell, isTerminal }: Shell,
  out: string,
  write: (listener: ExportListener & { readonly signal: AbortSignal }) => Promise<string[]>,
): Promise<ExitCode> {
  const stopped = new AbortController()
  const release = onStopSignal(() => stopped.abort())
  const line = isTerminal && out !== '-'
  try {
    const files = await write({
      signal: stopped.signal,
      progress: (share) => {
        if (line && share !== null) tell(`\rwriting: ${Math.floor(100 * share)} %`)
      },
    })
    if (line) tell(clearLine)
    tell(files.map((file) => `wrote ${file}\n`).join(''))
    return exitCodes.done
  } catch (error) {
    if (line) tell(clearLine)
    // A reader that has read enough, as `head` does, is no fault.
    if (out === '-' && (error as NodeJS.ErrnoException).code === 'EPIPE') return exitCodes.done
    if (!stopped.signal.aborted) throw outputError(error, out === '-' ? 'to standard output' : out)
    tell(
      out === '-'
        ? 'stopped: what was written is not whole\n'
        : 'stopped: nothing was kept of what was being written\n',
    )
    return exitCodes.interrupted
  } finally {
    release()
  }
}

const clearLine = '\r\x1b[K'

async function writeStream(source: Readable, out: string, signal: AbortSignal): Promise<void> {
  if (out === '-') {
    // Not ended with it, as more may be written.
    for await (const chunk of source) {
      if (!process.stdout.write(chunk)) await once(process.stdout, 'drain', { signal })
    }
    return
  }
  const found = await stat(out).catch(() => null)
  if (isReplaced(found)) await writeWhole(source, out, signal)
  else {
    const { createWriteStream } = await import('node:fs')
    await pipeline(source, createWriteStream(out, { flags: 'r+' }), { signal })
  }
}
