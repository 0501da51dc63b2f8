/** The longest line that is taken for a message: far more than the largest trial's result. */
const longestLine = 256 * 1024 * 1024

/**
 * Messages, a line of JSON each, in a text that comes in pieces. Whatever else stands there is what an
 * interpreter or a module wrote before the host could move its output away.
 */
export class MessageLines {
  readonly #strayed: (text: string) => void
  #pieces: string[] = []
  #length = 0

  /** @param strayed told of lines that are no messages */
  constructor(strayed: (text: string) => void) {
    this.#strayed = strayed
  }

  /** @returns the messages that are whole with this piece, in their order */
  take(text: string): object[] {
    const lines = text.split('\n')
    const rest = lines.pop() as string
    const messages: object[] = []
    for (const line of lines) {
      this.#pieces.push(line)
      const message = this.#read(this.#pieces.join(''))
      if (message !== null) messages.push(message)
      this.#pieces = []
      this.#length = 0
    }
    // A flood without an end of line is no message.
    this.#length += rest.length
    if (this.#length <= longestLine) this.#pieces.push(rest)
    else this.#pieces = []
    return messages
  }

  #read(line: string): object | null {
    if (line.trim() === '') return null
    try {
      const message: unknown = JSON.parse(line)
      if (typeof message === 'object' && message !== null && 'type' in message) return message
    } catch {
      // No message.
    }
    this.#strayed(`${line}\n`)
    return null
  }
}
