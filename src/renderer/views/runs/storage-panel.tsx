import { Popover } from '@base-ui/react/popover'
import { Database } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { formatStored } from '../../../shared/format.ts'
import type { LibraryState } from '../../../shared/model/library.ts'
import { notices, tellProblem } from '../../design/notices.ts'
import { asLabError } from '../../state/lab-store.ts'
import { handOut } from '../../state/use-export.ts'
import { useLab, useLabStore } from '../../state/use-lab.ts'
import { KeepingFields } from './keeping-fields.tsx'
import { StorageFigures } from './storage-figures.tsx'

/** What is done with the database as a whole; named while it goes on. */
export type StorageWork = 'policy' | 'thin' | 'compact' | 'backup'

/** What the saved runs take, and what can be done about it. */
export function StoragePanel() {
  const { connection } = useLabStore()
  const { runsVersion, link } = useLab()
  const [state, setState] = useState<LibraryState | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [work, setWork] = useState<StorageWork | null>(null)

  const read = useCallback(
    () =>
      connection.call('library', {}).then(
        (found) => {
          setState(found)
          setProblem(null)
        },
        (error: unknown) => setProblem(asLabError(error).message),
      ),
    [connection],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again where runs have changed.
  useEffect(() => void read(), [read, runsVersion, link])

  const perform = async (name: StorageWork, act: () => Promise<unknown>) => {
    setWork(name)
    try {
      await act()
      await read()
    } catch (error) {
      tellProblem(asLabError(error).message)
    } finally {
      setWork(null)
    }
  }
  const size = state?.size_bytes ?? null
  return (
    <Popover.Root>
      <Popover.Trigger className="button">
        <Database size={16} /> Storage
        {size !== null && <span className="unit">{formatStored(size)}</span>}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="end" className="menu-positioner">
          <Popover.Popup className="menu storage">
            <Popover.Title className="storage-title">Storage</Popover.Title>
            {problem !== null && (
              <p className="problem" role="alert">
                {problem}
              </p>
            )}
            {state !== null && (
              <>
                <StorageFigures state={state} />
                {state.read_only && (
                  <p className="hint">
                    The database can be read and not be written: nothing can be changed here.
                  </p>
                )}
                <KeepingFields
                  days={state.policy.thin_after_days}
                  // What is typed counts when one goes on to a button: that is not to be pressed in vain.
                  isDisabled={state.read_only || (work !== null && work !== 'policy')}
                  onDays={(days) =>
                    void perform('policy', () =>
                      connection.call('setPolicy', { thin_after_days: days }),
                    )
                  }
                  onThin={() =>
                    void perform('thin', async () => {
                      const { runs, bytes } = await connection.call('thin', {})
                      notices.add({
                        title: runs === 0 ? 'There was nothing to thin' : `${runsThinned(runs)}`,
                        description:
                          runs === 0
                            ? 'No run that may be thinned is old enough.'
                            : `${formatStored(bytes)} of samples are gone; compacting gives the space back.`,
                      })
                    })
                  }
                  isThinning={work === 'thin'}
                />
                <div className="storage-foot">
                  <button
                    type="button"
                    className="button"
                    disabled={state.read_only || work !== null}
                    title="Gives the space of what was deleted back to the system"
                    onClick={() =>
                      void perform('compact', async () => {
                        const after = await connection.call('compact', {})
                        notices.add({
                          title: 'Compacted',
                          description: comparedSizes(state, after),
                        })
                      })
                    }
                  >
                    {work === 'compact' ? 'Compacting…' : 'Compact'}
                  </button>
                  <button
                    type="button"
                    className="button"
                    disabled={work !== null}
                    title="Copies the whole database into a file, while it is in use"
                    onClick={() =>
                      void perform('backup', async () => {
                        handOut(await connection.call('backup', {}), 'Backed up')
                      })
                    }
                  >
                    {work === 'backup' ? 'Backing up…' : 'Back up…'}
                  </button>
                </div>
              </>
            )}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function runsThinned(runs: number): string {
  return `${runs} ${runs === 1 ? 'run was' : 'runs were'} thinned`
}

function comparedSizes(before: LibraryState, after: LibraryState): string {
  if (before.size_bytes === null || after.size_bytes === null) return after.path
  return `${formatStored(before.size_bytes)} before, ${formatStored(after.size_bytes)} now.`
}
