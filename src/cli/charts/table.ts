/** Tables of text, aligned. */
import { largest } from '../../base/largest.js'
import { clipped, colors, pad, room, widthOf } from '../terminal.js'

export interface TableColumn {
  readonly title: string
  readonly align: 'left' | 'right'
}

/** A line of titles, a rule and the rows, two blanks between columns. */
export function drawTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, i) =>
    Math.max(widthOf(title), largest(rows.map((row) => widthOf(row[i])))),
  )
  const line = (cells: readonly string[]): string =>
    clipped(
      cells
        .map((cell, i) => pad(cell, widths[i], columns[i].align))
        .join('  ')
        .trimEnd(),
    )
  const head = line(columns.map(({ title }) => title))
  const whole = widths.reduce((sum, width) => sum + width + 2, -2)
  const rule = '─'.repeat(Math.min(whole, room))
  return [colors.bold(head), colors.dim(rule), ...rows.map(line)].join('\n')
}
