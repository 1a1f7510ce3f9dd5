/** Rows of numbers > 0 made to sum to 1, as a categorical cross entropy compares them. */
export function probabilities(rows: readonly (readonly number[])[]): number[][] {
  return rows.map((row) => {
    const sum = row.reduce((total, value) => total + value, 0)
    return row.map((value) => value / sum)
  })
}
