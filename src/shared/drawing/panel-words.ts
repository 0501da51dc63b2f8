import type { PanelChart } from '../model/chart.ts'
import { type Family, families, modelTraits } from '../model/execution-model.ts'
import { axisTitle } from '../quantity.ts'

/** What one who does not see it should know of it. */
export function aboutPanels({ columns, groups, rows }: PanelChart): string {
  const measures = rows.map(({ value }) => axisTitle(value)).join(', ')
  return `Panels of bars: ${measures}; for ${columns.join(', ')}; by ${groups.map(({ name }) => name).join(', ')}.`
}

export function familiesOf({ groups }: PanelChart): readonly Family[] {
  const models = groups.flatMap(({ bars }) => bars.flatMap(({ model }) => model ?? []))
  return families.filter((family) => models.some((model) => modelTraits[model].family === family))
}
