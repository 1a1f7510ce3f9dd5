/** Draws aligned text tables. */
import { alignColumns, largest } from '../../base/columns.js'
import { clipped, colors, lineWidth, textWidth } from '../terminal.js'

export interface TableColumn {
  readonly title: string
  readonly align: 'left' | 'right'
}

/** A header line, a rule and the rows, with two spaces between columns. */
export function drawTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map(({ title }) => title)
  const lines = alignColumns([titles, ...rows], (i) => columns[i].align === 'right', textWidth)
  const rule = '─'.repeat(Math.min(largest(lines.map(textWidth)), lineWidth))
  const [head, ...body] = lines.map(clipped)
  return [colors.bold(head), colors.dim(rule), ...body].join('\n')
}
