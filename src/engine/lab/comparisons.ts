import type { MetricKey } from '../../shared/model/metric.ts'
import { LabError } from '../../shared/model/problem.ts'
import type { RunComparison, SideReference } from '../../shared/model/run-comparison.ts'
import type { Trend } from '../../shared/model/trend.ts'
import type { DatabaseConnection } from './database-connection.ts'

/** Saved configurations beside each other, and over time. */
export class Comparisons {
  readonly #connection: DatabaseConnection

  constructor(connection: DatabaseConnection) {
    this.#connection = connection
  }

  /** @throws LabError `not-found`; `bad-input` where nothing is left to compare */
  between(_sides: readonly SideReference[], _acrossMachines: boolean): Promise<RunComparison> {
    throw new LabError('internal', `not built yet: ${this.#connection.path}`)
  }

  trend(
    _side: { readonly run: number; readonly configuration: number },
    _metric: MetricKey,
    _acrossMachines: boolean,
  ): Promise<Trend> {
    throw new LabError('internal', `not built yet: ${this.#connection.path}`)
  }
}
