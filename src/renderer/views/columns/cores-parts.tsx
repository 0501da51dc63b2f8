/** Numbers beside the heat map: all of a few cores, the first and the last of many. */
export function CoreLabels({ cores }: { readonly cores: number }) {
  const labels = cores <= 8 ? Array.from({ length: cores }, (_, core) => core) : [0, cores - 1]
  return (
    <div className="core-labels" data-many={cores > 8} aria-hidden="true">
      {labels.map((core) => (
        <span key={core}>core {core}</span>
      ))}
    </div>
  )
}

/** What the colours of the heat map mean; whose work it is, where that is known. */
export function HeatLegend() {
  return (
    <p className="heat-legend">
      <span className="heat-key" data-whose="own">
        <span className="heat-name">this run</span>
        <i />
      </span>
      <span className="heat-key" data-whose="others">
        <span className="heat-name">other programs</span>
        <i />
      </span>
      <span>0–100 % busy</span>
    </p>
  )
}

/** Height of the heat map, in pixels. */
export function heatHeight(cores: number): number {
  return Math.min(192, Math.max(56, cores * 14))
}
