import { createContext } from 'react'
import type { ParametersOf } from '../../../shared/contract.ts'

/** Of what the charts below it are, as an export asks for it; null where nothing is saved yet. */
export type ChartSource = ParametersOf<'export'>['of']
export const ChartSourceContext = createContext<ChartSource | null>(null)
