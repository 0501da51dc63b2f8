import { type Model, modelTraits } from '../../shared/model/execution-model.ts'

/**
 * What a model is, as a shape: one line; lines in one box; boxes apart. Colour is never the only
 * carrier of meaning.
 */
export function ModelIcon({ model }: { readonly model: Model }) {
  const { family } = modelTraits[model]
  return (
    <svg className="model-icon" data-model={family} viewBox="0 0 20 20" aria-hidden="true">
      {family === 'inline' && <path d="M3 10h14" />}
      {family === 'threads' && (
        <>
          <rect x="2" y="2" width="16" height="16" rx="3" />
          <path d="M6 7h8M6 10h8M6 13h8" />
        </>
      )}
      {family === 'processes' && (
        <>
          <rect x="2" y="2" width="7" height="7" rx="1.5" />
          <rect x="11" y="2" width="7" height="7" rx="1.5" />
          <rect x="2" y="11" width="7" height="7" rx="1.5" />
          <rect x="11" y="11" width="7" height="7" rx="1.5" />
        </>
      )}
    </svg>
  )
}
