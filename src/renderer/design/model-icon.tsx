import { type Model, modelTraits } from '../../shared/model/execution-model.ts'

/**
 * What a model is, as a shape: one line; lines in one box; boxes apart. A model that is made of one of
 * these has its sign, smaller, in a frame that is open above for a pool, and dashed for interpreters and
 * for machines elsewhere. Colour is never the only carrier of meaning.
 */
export function ModelIcon({ model }: { readonly model: Model }) {
  const { family } = modelTraits[model]
  return (
    <svg className="model-icon" data-model={family} viewBox="0 0 20 20" aria-hidden="true">
      {family === model ? (
        signs[family]
      ) : (
        <g transform="translate(4.6 2.4) scale(.54)">{signs[family]}</g>
      )}
      {family !== model && (
        <path
          d="M1.5 1.5v14a3 3 0 0 0 3 3h11a3 3 0 0 0 3-3v-14"
          strokeDasharray={pools.includes(model) ? undefined : '2.6 3.2'}
        />
      )}
    </svg>
  )
}

const pools: readonly Model[] = ['pool', 'thread-pool', 'process-pool']

const signs = {
  inline: <path d="M3 10h14" />,
  threads: (
    <>
      <rect x="2" y="2" width="16" height="16" rx="3" />
      <path d="M6 7h8M6 10h8M6 13h8" />
    </>
  ),
  processes: (
    <>
      <rect x="2" y="2" width="7" height="7" rx="1.5" />
      <rect x="11" y="2" width="7" height="7" rx="1.5" />
      <rect x="2" y="11" width="7" height="7" rx="1.5" />
      <rect x="11" y="11" width="7" height="7" rx="1.5" />
    </>
  ),
} as const
