import { count } from '../format-numbers.js'
import { colors, pad, printable, textWidth } from '../terminal.js'

/** The most classes drawn: a larger matrix does not fit in a line. */
const MOST = 20

/** The most columns for a class name above a matrix column. */
const NAME = 12

/** Draws the confusion matrix, one row per class and one column per predicted class; undefined if it is too large. */
export function drawConfusionMatrix(
  classes: readonly string[],
  matrix: readonly (readonly number[])[],
  width: number,
): string | undefined {
  if (classes.length > MOST) return undefined
  const names = classes.map((name) => printable(name, NAME))
  const cells = matrix.map((row) => row.map(count))
  const cell = 2 + Math.max(...names.map(textWidth), ...cells.flat().map(textWidth))
  const label = Math.max(...names.map(textWidth))
  if (label + 2 + classes.length * cell > width) return undefined
  const head = names.map((name) => pad(name, cell, 'right')).join('')
  const lines = cells.map((row, truth) => {
    const values = row.map((text, predicted) => {
      if (text === '0') return colors.dim(pad('·', cell, 'right'))
      return (predicted === truth ? colors.green : colors.red)(pad(text, cell, 'right'))
    })
    return `${colors.bold(pad(names[truth], label, 'left'))} │${values.join('')}`
  })
  const rule = `${'─'.repeat(label + 1)}┼${'─'.repeat(cell * classes.length)}`
  return [`${' '.repeat(label + 1)}│${colors.bold(head)}`, colors.dim(rule), ...lines].join('\n')
}
