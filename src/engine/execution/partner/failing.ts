import type { Failure } from '../../../shared/model/failure.ts'
import type { Part } from './part.ts'
import { type FailingReport, waysToFail } from './ways-to-fail.ts'

export interface FailingData {
  readonly failure: Failure
  readonly leakBytes: number
}

/** A number is a heartbeat to be answered. */
export type ToFailing = number | 'fail'

export type FromFailing =
  | FailingReport
  | { readonly type: 'ready' }
  | {
      readonly type: 'answer'
      readonly beat: number
      /** Of its process; null in a thread, which has none of its own. */
      readonly rssBytes: number | null
    }

/** A worker that answers heartbeats until it is told to fail. */
const failing: Part = (channel) => {
  const { failure, leakBytes } = channel.data as FailingData
  const tell = (report: FromFailing) => channel.send(report)
  channel.receive((message) => {
    const order = message as ToFailing
    if (order === 'fail') return waysToFail[failure](tell, leakBytes)
    const rssBytes = channel.isThread ? null : process.memoryUsage.rss()
    tell({ type: 'answer', beat: order, rssBytes })
  })
  tell({ type: 'ready' })
}

export default failing
