/**
 * Rows of cells as lines of text: columns two spaces apart, each as wide as its widest cell.
 *
 * @param isRight whether a column is aligned to the right
 * @param widthOf the width of a cell; by default the length of its text
 */
export function alignColumns(
  rows: readonly (readonly string[])[],
  isRight: (column: number) => boolean,
  widthOf = (cell: string): number => cell.length,
): string[] {
  const columns = largest(rows.map((row) => row.length))
  const shapes = Array.from({ length: columns }, (_, i) => ({
    width: largest(rows.map((row) => (i < row.length ? widthOf(row[i]) : 0))),
    atRight: isRight(i),
  }))
  const aligned = (cell: string, { width, atRight }: { width: number; atRight: boolean }): string => {
    const blanks = ' '.repeat(width - widthOf(cell))
    return atRight ? blanks + cell : cell + blanks
  }
  return rows.map((row) =>
    row
      .map((cell, i) => aligned(cell, shapes[i]))
      .join('  ')
      .trimEnd(),
  )
}

/** The largest of some numbers, which may be too many for the arguments of one call; −∞ if there are none. */
export function largest(numbers: Iterable<number>): number {
  let most = -Infinity
  for (const number of numbers) if (number > most) most = number
  return most
}
