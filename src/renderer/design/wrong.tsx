/** What is wrong with a field, below it. */
export function Wrong({ text }: { readonly text: string | undefined }) {
  return text === undefined ? null : <span className="problem">{text}</span>
}
