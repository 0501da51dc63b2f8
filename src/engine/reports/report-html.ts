import { createHash } from 'node:crypto'
import { chartFigures, isFigures } from '../../shared/chart-figures.ts'
import type { NamedChart } from '../../shared/model/run-comparison.ts'
import type { ReportBlock, ReportCell, ReportDocument, ReportTable } from './report/document.ts'
import { reportStyle } from './report/style.ts'
import { inlineSvg } from './svg/chart-svg.ts'
import { escaped } from './svg/elements.ts'

/** Characters of a title that a browser's tab has room for, and beyond which a heading is small. */
const most = { tab: 120, heading: 90 }

/**
 * A report as one page: no script, nothing loaded, its pictures within it, light or dark as the reader's
 * system is, light on paper. Its policy forbids all but its own style, so that no text in it can do
 * anything.
 */
export function reportHtml({ title, about, sections, closing }: ReportDocument): string {
  const hash = createHash('sha256').update(reportStyle).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  const tab = [...title.slice(0, 2 * most.tab)].slice(0, most.tab).join('')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(tab)} · Corescope</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<header>
<h1 dir="auto"${title.length > most.heading ? ' class="long"' : ''}>${escaped(title)}</h1>
<p class="about">${escaped(about)}</p>
</header>
${sections
  .map(
    ({ title: name, blocks }) =>
      `<section>\n${name === null ? '' : `<h2>${escaped(name)}</h2>\n`}${blocks.map(blockHtml).join('\n')}\n</section>`,
  )
  .join('\n')}
<footer><p>${escaped(closing)}</p></footer>
</main>
</body>
</html>
`
}

function blockHtml(block: ReportBlock): string {
  switch (block.kind) {
    case 'text':
      return `<p class="${block.tone}" dir="auto">${escaped(block.text)}</p>`
    case 'prose':
      return `<div class="prose" dir="auto">${escaped(block.text)}</div>`
    case 'list':
      return `<ul>\n${block.items.map((item) => `<li dir="auto">${escaped(item)}</li>`).join('\n')}\n</ul>`
    case 'facts':
      return `<dl>\n${block.facts
        .map(
          ([name, value]) =>
            `<div><dt>${escaped(name)}</dt><dd dir="auto">${escaped(value)}</dd></div>`,
        )
        .join('\n')}\n</dl>`
    case 'table':
      return tableHtml(block)
    case 'chart':
      return chartHtml(block.named)
  }
}

function tableHtml(table: ReportTable): string {
  const { title, isFolded } = table
  if (isFolded) {
    return `<details>\n<summary>${escaped(title ?? 'The table')}</summary>\n${framed(table)}\n</details>`
  }
  return `${title === null ? '' : `<h3 dir="auto">${escaped(title)}</h3>\n`}${framed(table)}`
}

/** What is too wide for a phone is moved within its frame, by keyboard too. */
function framed({ title, columns, rows }: Pick<ReportTable, 'title' | 'columns' | 'rows'>): string {
  const figures = columns.map(
    (_, at) => at > 0 && isFigures(rows.map((row) => row[at]?.text ?? '')),
  )
  const kind = (at: number) => (figures[at] ? ' class="figure"' : '')
  const head = columns
    .map((name, at) => `<th scope="col" dir="auto"${kind(at)}>${escaped(name)}</th>`)
    .join('')
  const body = rows.map(
    ([first, ...cells]) =>
      `<tr><th scope="row" dir="auto">${first === undefined ? '' : cellHtml(first)}</th>${cells
        .map((cell, at) => `<td dir="auto"${kind(at + 1)}>${cellHtml(cell)}</td>`)
        .join('')}</tr>`,
  )
  return `<div class="frame" tabindex="0" role="region" aria-label="${escaped(title ?? 'Table')}"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`
}

const signs = { good: '✓ ', bad: '✗ ', plain: '' } as const

function cellHtml({ text, note, tone = 'plain' }: ReportCell): string {
  const words = `${signs[tone]}${escaped(text)}`
  const said = tone === 'plain' ? words : `<span class="${tone}">${words}</span>`
  return note === undefined ? said : `${said}<small>${escaped(note)}</small>`
}

function chartHtml({ name, chart }: NamedChart): string {
  const { columns, rows, marks } = chartFigures(chart)
  const cells = rows.map((row) => row.map((text) => ({ text })))
  const title = `Figures: ${chart.title}`
  return `<figure data-chart="${escaped(name)}">
<h3 dir="auto">${escaped(chart.title)}</h3>
<div class="frame drawing" tabindex="0" role="region" aria-label="${escaped(chart.title)}">${inlineSvg(chart)}</div>
<details>
<summary>Show the figures</summary>
${framed({ title, columns, rows: cells })}
${marks.map((mark) => `<p class="quiet">${escaped(mark)}</p>`).join('\n')}
</details>
</figure>`
}
