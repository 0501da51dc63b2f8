import type { NamedChart } from '../../../shared/model/run-comparison.ts'

/*
 * A report as plain data, in the order in which it is read: written as a page and as Markdown from the
 * same pieces, so that both say the same. All texts are as they were given: who writes them escapes them.
 */

export interface ReportDocument {
  readonly title: string
  /** What it is of, in few words. */
  readonly about: string
  readonly sections: readonly ReportSection[]
  readonly closing: string
}

export interface ReportSection {
  /** Null of the one that follows the title. */
  readonly title: string | null
  readonly blocks: readonly ReportBlock[]
}

export type ReportBlock =
  | { readonly kind: 'text'; readonly text: string; readonly tone: TextTone }
  /** A user's own, with its line breaks. */
  | { readonly kind: 'prose'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | ReportTable
  | { readonly kind: 'chart'; readonly named: NamedChart }

export type TextTone = 'plain' | 'first' | 'quiet' | 'caution' | 'problem'

export type Fact = readonly [name: string, value: string]

export interface ReportTable {
  readonly kind: 'table'
  readonly title: string | null
  readonly columns: readonly string[]
  /** The first cell names its row. */
  readonly rows: readonly (readonly ReportCell[])[]
  /** Long, and to be looked up rather than read. */
  readonly isFolded: boolean
}

export interface ReportCell {
  readonly text: string
  /** Said beside it, in smaller letters. */
  readonly note?: string
  readonly tone?: 'plain' | 'good' | 'bad'
}

export function tableOf(
  title: string | null,
  columns: readonly string[],
  rows: readonly (readonly (string | ReportCell)[])[],
  isFolded = false,
): ReportTable {
  const cells = rows.map((row) =>
    row.map((each) => (typeof each === 'string' ? { text: each } : each)),
  )
  return { kind: 'table', title, columns, rows: cells, isFolded }
}

export function said(text: string, tone: TextTone = 'plain'): ReportBlock {
  return { kind: 'text', text, tone }
}

/** A section, or none where there is nothing in it. */
export function sectionOf(
  title: string | null,
  blocks: readonly (ReportBlock | null)[],
): ReportSection[] {
  const told = blocks.filter((block) => block !== null && !isEmpty(block)) as ReportBlock[]
  return told.length === 0 ? [] : [{ title, blocks: told }]
}

function isEmpty(block: ReportBlock): boolean {
  switch (block.kind) {
    case 'text':
    case 'prose':
      return block.text.trim() === ''
    case 'list':
      return block.items.length === 0
    case 'facts':
      return block.facts.length === 0
    case 'table':
      return block.rows.length === 0
    case 'chart':
      return false
  }
}
