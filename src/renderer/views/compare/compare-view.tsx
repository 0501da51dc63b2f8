import { ArrowLeft, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { sideLooks } from '../../../shared/drawing/series-look.ts'
import { mostSides, type RunComparison } from '../../../shared/model/run-comparison.ts'
import { type CompareRoute, goTo, hashOf } from '../../state/route.ts'
import { useAnswer } from '../../state/use-answer.ts'
import { ChartSourceContext } from '../charts/chart-source.ts'
import { ComparedCharts } from './compared-charts.tsx'
import { AskedSides, ComparedSides, referencesOf } from './compared-sides.tsx'
import { ExportComparison } from './export-comparison.tsx'
import { MachineSwitch } from './machine-switch.tsx'
import { MetricTable } from './metric-table.tsx'
import { PairWords } from './pair-words.tsx'
import { SideChooser } from './side-chooser.tsx'
import { WhatDiffersTable } from './what-differs.tsx'

/** Any saved configurations beside each other. */
export function CompareView({ route }: { readonly route: CompareRoute }) {
  const { sides, acrossMachines } = route
  const [isChoosing, setChoosing] = useState(false)
  // One configuration alone is the beginning of a comparison, not a mistake.
  const isOneAlone = sides.length === 1 && sides[0]?.configuration !== null
  const request = { sides: [...sides], across_machines: acrossMachines }
  const isAsked = sides.length > 0 && !isOneAlone
  const { found, problem, isCurrent, retry } = useAnswer('compare', isAsked ? request : null)
  const shown = problem === null ? found : null
  const show = (next: Partial<CompareRoute>) => goTo({ ...route, ...next })
  /** What is seen, each by itself: a run that stands for all of its configurations cannot lose one. */
  const own = shown === null || !isCurrent ? sides : referencesOf(shown)
  const room = mostSides - own.length
  return (
    <div className="compare" aria-busy={isAsked && !isCurrent && problem === null}>
      <header className="watch-head">
        <div>
          <a className="back" href={hashOf({ view: 'runs' })}>
            <ArrowLeft size={14} /> Saved runs
          </a>
          <h1>Comparison</h1>
        </div>
        <div className="button-group">
          <MachineSwitch
            words="Machines are what is compared"
            isAcross={acrossMachines}
            onChange={(isAcross) => show({ acrossMachines: isAcross })}
          />
          <button
            type="button"
            className="button"
            disabled={room <= 0}
            title={room <= 0 ? `At most ${mostSides} sides are told apart` : undefined}
            onClick={() => setChoosing(true)}
          >
            <Plus size={16} /> Add a side
          </button>
          {shown !== null && isCurrent && <ExportComparison request={request} />}
        </div>
      </header>
      {shown === null ? (
        <AskedSides sides={sides} onChange={(next) => show({ sides: next })} />
      ) : (
        <ComparedSides
          comparison={shown}
          isCurrent={isCurrent}
          onChange={(next) => show({ sides: next })}
        />
      )}
      {problem !== null && (
        <div className="failure" role="alert">
          <h2>This cannot be compared</h2>
          <p>{problem}</p>
          <button type="button" className="button" onClick={retry}>
            Try again
          </button>
        </div>
      )}
      {!isAsked && (
        <div className="empty">
          <p>
            {sides.length === 0
              ? 'Choose saved runs, or configurations of them, to set them beside each other.'
              : 'What is it to be compared with?'}
          </p>
          <button type="button" className="button primary" onClick={() => setChoosing(true)}>
            <Plus size={16} /> Add a side
          </button>
        </div>
      )}
      {isAsked && shown === null && problem === null && <p className="loading">…</p>}
      {shown !== null && (
        <ChartSourceContext value={request}>
          <Compared comparison={shown} />
        </ChartSourceContext>
      )}
      {isChoosing && (
        <SideChooser
          chosen={own}
          most={room}
          onClose={() => setChoosing(false)}
          onChoose={(added) => {
            setChoosing(false)
            show({ sides: [...own, ...added] })
          }}
        />
      )}
    </div>
  )
}

function Compared({ comparison }: { readonly comparison: RunComparison }) {
  const { sides, differs, charts } = comparison
  const looks = useMemo(
    () => sideLooks(sides.map(({ configuration: { model } }) => ({ model }))),
    [sides],
  )
  return (
    <>
      <PairWords comparison={comparison} />
      <WhatDiffersTable sides={sides} differs={differs} />
      {comparison.pairs.some(({ refused }) => refused.length === 0) && (
        <MetricTable comparison={comparison} />
      )}
      <ComparedCharts charts={charts} sides={looks} />
    </>
  )
}
