import { expect, it } from 'vitest'
import { MessageLines } from '../../src/engine/execution/runtimes/message-lines.ts'

/** What is read of a text that comes in these pieces. */
function read(...pieces: readonly string[]) {
  const strayed: string[] = []
  const lines = new MessageLines((text) => strayed.push(text))
  return { messages: pieces.flatMap((piece) => lines.take(piece)), strayed: strayed.join('') }
}

it('messages are whole however they were cut', () => {
  const messages = [{ type: 'phase', name: 'work \u2028 ñ 🎉' }, { type: 'go-on' }]
  const text = `\n${messages.map((each) => `${JSON.stringify(each)}\n`).join('')}`
  expect(read(text).messages).toEqual(messages)
  expect(read(...text).messages).toEqual(messages)
  for (let at = 1; at < text.length; at++) {
    const { messages: seen, strayed } = read(text.slice(0, at), text.slice(at))
    expect([seen, strayed]).toEqual([messages, ''])
  }
})

it('a line that is no message is output, and messages about it are read', () => {
  const written = ['hello', '{"type": "phase"', '[1]', 'null', '17', '{"kind":"phase"}', '"type"']
  const { messages, strayed } = read(
    '{"type":"a"}\r\n',
    ...written.map((line) => `${line}\n`),
    '{"type":"b"}\nno end of line',
  )
  expect(messages).toEqual([{ type: 'a' }, { type: 'b' }])
  expect(strayed).toBe(written.map((line) => `${line}\n`).join(''))
})

it('a flood without an end of line is not kept, and messages after it are read', () => {
  const strayed: string[] = []
  const lines = new MessageLines((text) => strayed.push(text))
  const piece = 'x'.repeat(2 ** 24)
  for (let at = 0; at < 20; at++) expect(lines.take(piece)).toEqual([])
  expect(lines.take('\n{"type":"after"}\n')).toEqual([{ type: 'after' }])
  expect([...lines.take('{"type":'), ...lines.take('"cut"}\n')]).toEqual([{ type: 'cut' }])
  expect(strayed.join('').length).toBeLessThan(2 ** 28)
})
