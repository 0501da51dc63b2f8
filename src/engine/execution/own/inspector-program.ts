import { basename } from 'node:path'
import { OwnFailure } from './failure.ts'
import type { Inspected } from './inspection.ts'
import { loadModule } from './module.ts'
import { surround, unsurround } from './surroundings.ts'

/*
 * Loads a module of the user's own to see what it exports, in a process that may be lost. The lab ends
 * it, with all that it has started.
 */
const path = process.argv[2] as string
const send = process.send?.bind(process)

function tell(found: Inspected, then: () => void = () => {}): void {
  send?.(found, then)
}

function fail({ message, frames, cause }: OwnFailure): void {
  if (!(cause instanceof SyntaxError) || frames.length > 0) {
    tell({ problem: message })
    return
  }
  // Of an ES module that cannot be understood Node says where only as it ends.
  unsurround()
  tell({ problem: message, placeFollows: true }, () => {
    throw cause
  })
}

// Asked when it is late: an answer shows that it waits, and does not compute.
process.on('message', () => tell({ waits: true }))
process.on('disconnect', () => process.exit())
// The channel shall not keep alive what nothing else does.
process.channel?.unref()
process.once('beforeExit', () => {
  tell({
    problem: `loading ${basename(path)} never ends: its top-level await waits for what never comes`,
  })
})

surround(path, fail, 'the process that loaded it')
loadModule(path).then(
  ({ inputs, setup, check }) =>
    tell({
      exports: {
        inputs: inputs !== undefined,
        setup: setup !== undefined,
        check: check !== undefined,
      },
    }),
  (error: unknown) => {
    if (!(error instanceof OwnFailure)) throw error
    fail(error)
  },
)
