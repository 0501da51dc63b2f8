/** The end of a channel between two processes. */
interface End {
  send?(message: unknown, done: (error: Error | null) => void): unknown
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'disconnect', listener: () => void): unknown
}

/** The functions of one side as the other calls them. */
export type Remote<Side> = {
  readonly [Name in keyof Side]: Side[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never
}

type Message =
  | { readonly call: string; readonly id: number; readonly args: readonly unknown[] }
  | { readonly answerTo: number; readonly result?: unknown; readonly error?: string }

interface Waiting {
  resolve(result: unknown): void
  reject(error: Error): void
}

/**
 * Lets two processes call each other's functions. Calls arrive in the order they were made.
 *
 * @param ours what the other side may call
 */
export function link<Theirs extends object>(end: End, ours: object): Remote<Theirs> {
  const waiting = new Map<number, Waiting>()
  let calls = 0
  const send = (message: Message, failed: (error: Error) => void) => {
    if (end.send === undefined) throw new Error('there is no channel to the other side')
    end.send(message, (error) => {
      if (error !== null) failed(error)
    })
  }
  const take = async (told: Message) => {
    if ('answerTo' in told) {
      const { resolve, reject } = waiting.get(told.answerTo) as Waiting
      waiting.delete(told.answerTo)
      if (told.error === undefined) resolve(told.result)
      else reject(new Error(told.error))
      return
    }
    const answer = await answerTo(told.call, told.args)
    // Nobody is there to hear it any more.
    send({ answerTo: told.id, ...answer }, () => {})
  }
  const giveUp = () => {
    for (const { reject } of waiting.values()) reject(new Error('the other side is gone'))
    waiting.clear()
  }
  // Those that have come together have each a turn of their own, as Electron gives them: what one has
  // set going has been done before the next.
  end.on('message', (message) => setImmediate(() => void take(message as Message)))
  end.on('disconnect', () => setImmediate(giveUp))
  async function answerTo(name: string, args: readonly unknown[]) {
    try {
      const called = (ours as Record<string, (...args: readonly unknown[]) => unknown>)[name]
      return { result: await called?.(...args) }
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) }
    }
  }
  const call = (name: string, args: readonly unknown[]) =>
    new Promise((resolve, reject) => {
      const id = ++calls
      waiting.set(id, { resolve, reject })
      send({ call: name, id, args }, reject)
    })
  return new Proxy({} as Remote<Theirs>, {
    get:
      (_, name) =>
      (...args: readonly unknown[]) =>
        call(String(name), args),
  })
}
