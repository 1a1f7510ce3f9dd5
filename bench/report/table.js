// @ts-check
/**
 * Tables of text: a record for each row, a key for each column. Columns are those of all rows, in the order of their
 * first use; one without a name has words, and is to the left.
 */

/** @typedef {Readonly<Record<string, string>>} TableRow */

/**
 * @param {string} title
 * @param {readonly TableRow[]} rows
 * @param {number} [labels] how many columns are to the left, the others being to the right; one unless given
 */
export function printTable(title, rows, labels = 1) {
  const [head, ...body] = cells(rows)
  const widths = head.map((_, c) => Math.max(...[head, ...body].map((row) => row[c].length)))
  const line = (/** @type {readonly string[]} */ row) =>
    row
      .map((cell, c) => (c < labels || head[c] === '' ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
      .join('  ')
      .trimEnd()
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  console.log(['', title, '', line(head), rule, ...body.map(line)].join('\n'))
}

/**
 * @param {readonly TableRow[]} rows
 * @param {number} [labels] as for printTable
 */
export function toMarkdown(rows, labels = 1) {
  const [head, ...body] = cells(rows)
  const rule = head.map((name, c) => (c < labels || name === '' ? '---' : '---:'))
  return [head, rule, ...body].map((row) => `| ${row.join(' | ')} |\n`).join('')
}

/** @param {readonly TableRow[]} rows */
function cells(rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))]
}
