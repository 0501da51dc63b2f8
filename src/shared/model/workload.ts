/** What a workload says of itself: enough for a form, a flag, a help text and a check of its parameters. */
export interface WorkloadDescription {
  readonly name: string
  /** `cpu`: keeps a core busy. `io`: mostly waits. */
  readonly kind: 'cpu' | 'io'
  /** One line: what a task does and what the workload shows. */
  readonly description: string
  readonly parameters: Readonly<Record<string, ParameterDescription>>
}

export interface ParameterDescription {
  readonly description: string
  readonly unit: string
  /** Smallest and largest value allowed, both included. */
  readonly minimum: number
  readonly maximum: number
  readonly default: number
  /** Whether only whole numbers make sense. */
  readonly whole: boolean
}

export type ParameterValues = Readonly<Record<string, number>>
