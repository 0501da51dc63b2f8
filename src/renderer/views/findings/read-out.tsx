import type { ReactNode } from 'react'

/** What a chart says at one place: whose, and its figures. */
export function ReadOut({
  title,
  rows,
}: {
  readonly title: ReactNode
  readonly rows: readonly { readonly name: ReactNode; readonly text: string }[]
}) {
  return (
    <>
      {title}
      <table>
        <tbody>
          {rows.map(({ name, text }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows may be named alike.
            <tr key={at}>
              <th scope="row">{name}</th>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
