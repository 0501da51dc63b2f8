import { CSPProvider } from '@base-ui/react/csp-provider'
import { Toast } from '@base-ui/react/toast'
import { FlaskConical, History, TestTubes, Unplug } from 'lucide-react'
import { useEffect } from 'react'
import type { LabDescription } from '../shared/contract.ts'
import { Guard } from './design/guard.tsx'
import { NoticeArea } from './design/notice-area.tsx'
import { notices, tellProblem } from './design/notices.ts'
import type { LabStore } from './state/lab-store.ts'
import { hashOf, placeOf, type Route, useRoute } from './state/route.ts'
import { useComparison } from './state/use-comparison.ts'
import { LabContext, useLab, useLabStore } from './state/use-lab.ts'
import { CompareView } from './views/compare/compare-view.tsx'
import { TrendView } from './views/compare/trend-view.tsx'
import { ExperimentsView } from './views/experiments/experiments-view.tsx'
import { LabView } from './views/lab/lab-view.tsx'
import { useExportNotices } from './views/runs/export-notices.tsx'
import { RunsView } from './views/runs/runs-view.tsx'
import { SavedRunView } from './views/runs/saved-run-view.tsx'

export function App({ store }: { readonly store: LabStore }) {
  // Here, since what is within the provider comes before it: a notice would find nobody to show it.
  useEffect(() => store.problems.on(tellProblem), [store])
  return (
    // The style sheet holds what the components would put into the page: the policy allows no more.
    <CSPProvider disableStyleElements>
      <LabContext value={store}>
        <Toast.Provider toastManager={notices}>
          <Frame />
          <NoticeArea />
        </Toast.Provider>
      </LabContext>
    </CSPProvider>
  )
}

function Frame() {
  const store = useLabStore()
  const { description, problem, link, live, isRunning } = useLab()
  const route = useRoute()
  useExportNotices(store)
  useTitle(route, isRunning, live?.current?.ordinal, live?.trialsPlanned)
  useFocusOnView(placeOf(route))

  return (
    <div className="frame">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="top">
        <span className="brand">
          <Logo /> Corescope
        </span>
        <nav aria-label="Views">
          <a
            href={hashOf({ view: 'lab' })}
            aria-current={route.view === 'lab' ? 'page' : undefined}
          >
            <FlaskConical size={16} /> Lab
            {isRunning && route.view !== 'lab' && <span className="going">running</span>}
          </a>
          <a
            href={hashOf({ view: 'experiments' })}
            aria-current={route.view === 'experiments' ? 'page' : undefined}
          >
            <TestTubes size={16} /> Experiments
          </a>
          <a
            href={hashOf({ view: 'runs' })}
            aria-current={ofSavedRuns.includes(route.view) ? 'page' : undefined}
          >
            <History size={16} /> Saved runs
          </a>
        </nav>
        <span className="top-end">
          {description !== null && (
            <span className="machine" title={`${description.hostname} · ${description.cpuModel}`}>
              {description.usableCores} cores · Node {description.nodeVersion}
            </span>
          )}
        </span>
      </header>
      {link === 'refused' && (
        <p className="lost" role="alert">
          <Unplug size={16} /> This window is not known any more: Corescope was ended and started
          again. Open the link that “corescope serve” has printed. What was measured is kept.
        </p>
      )}
      {link === 'lost' && (
        <p className="lost" role="alert">
          <Unplug size={16} /> The lab cannot be reached. This window catches up when it is back.
          Where “corescope serve” was ended, its run was stopped, and what was measured is kept.
        </p>
      )}
      <main id="content" tabIndex={-1}>
        {description === null ? (
          <Waiting problem={problem?.message ?? null} />
        ) : (
          <Views description={description} />
        )}
      </main>
    </div>
  )
}

/** Views of saved runs: reached from the list of them. */
const ofSavedRuns: readonly Route['view'][] = ['runs', 'run', 'compare', 'trend']

function Views({ description }: { readonly description: LabDescription }) {
  const route = useRoute()
  const controls = useComparison(description)
  const openPlan = (document: unknown) => void controls.open(document)
  return (
    <Guard key={placeOf(route)}>
      {route.view === 'lab' && <LabView description={description} controls={controls} />}
      {route.view === 'experiments' && (
        <ExperimentsView description={description} controls={controls} />
      )}
      {route.view === 'runs' && <RunsView description={description} onPlan={openPlan} />}
      {route.view === 'run' && (
        <SavedRunView id={route.id} description={description} onPlan={openPlan} />
      )}
      {route.view === 'compare' && <CompareView route={route} />}
      {route.view === 'trend' && <TrendView route={route} />}
    </Guard>
  )
}

function Waiting({ problem }: { readonly problem: string | null }) {
  const store = useLabStore()
  if (problem === null) return <p className="loading">…</p>
  return (
    <div className="failure" role="alert">
      <h1>The lab cannot be opened</h1>
      <p>{problem}</p>
      <button type="button" className="button" onClick={() => void store.describe()}>
        Try again
      </button>
    </div>
  )
}

/** The window's title says where one is, and how far a run: it is seen where the window is not. */
function useTitle(
  route: Route,
  isRunning: boolean,
  ordinal: number | undefined,
  planned: number | undefined,
) {
  const place = {
    ...{ lab: 'Lab', experiments: 'Experiments' },
    ...{ runs: 'Saved runs', run: 'Saved run' },
    ...{ compare: 'Comparison', trend: 'Trend' },
  }[route.view]
  useEffect(() => {
    const progress = isRunning && ordinal !== undefined ? `${ordinal + 1}/${planned} · ` : ''
    document.title = `${progress}${place} · Corescope`
  }, [place, isRunning, ordinal, planned])
}

/** What was pressed is gone with its view: the keyboard goes on from the top of the other. */
function useFocusOnView(view: string) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: done again where the view changes.
  useEffect(() => {
    const { activeElement, body } = document
    if (activeElement !== null && activeElement !== body) return
    document.getElementById('content')?.focus({ preventScroll: true })
  }, [view])
}

function Logo() {
  return (
    <svg className="logo" viewBox="0 0 24 24" aria-hidden="true">
      <rect className="logo-a" x="2" y="4" width="9" height="4" rx="1.5" />
      <rect className="logo-a" x="2" y="10" width="9" height="4" rx="1.5" />
      <rect className="logo-a" x="2" y="16" width="9" height="4" rx="1.5" />
      <rect className="logo-b" x="13" y="4" width="9" height="16" rx="2.5" />
    </svg>
  )
}
