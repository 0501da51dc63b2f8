import type { WorkerToHost } from '../protocol.ts'

/** What a worker has sent to the host and not got back yet. The host answers in the order it is asked. */
export class RoundTrips {
  readonly #channel: { send(message: WorkerToHost): void }
  readonly #waiting: ((payload: string) => void)[] = []

  constructor(channel: { send(message: WorkerToHost): void }) {
    this.#channel = channel
  }

  readonly exchange = (payload: string): Promise<string> =>
    new Promise((resolve) => {
      // Before it is sent: inline the answer is there before `send` has returned.
      this.#waiting.push(resolve)
      this.#channel.send({ type: 'exchange', payload })
    })

  answered(payload: string): void {
    this.#waiting.shift()?.(payload)
  }
}
