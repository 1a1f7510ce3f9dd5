// @ts-check
/**
 * @typedef {import('./report.js').Cell} Cell
 *
 * @typedef {object} Result
 * @property {Cell} cell
 * @property {readonly string[] | undefined} problems undefined: it has not run
 */

/** @param {Cell} cell @param {Result['problems']} problems */
export function printCell(cell, problems) {
  const { name, version, how, outcome } = cell
  const sign = problems === undefined ? '·' : problems.length === 0 ? '✓' : '✗'
  const said = 'missing' in outcome ? `not here: ${outcome.missing}` : (problems ?? []).join('\n    ')
  console.log(`${sign} ${name} ${version}, ${how}${said === '' ? '' : `\n    ${said}`}`)
}

/** @param {readonly Result[]} results */
export function table(results) {
  return results.map(({ cell }) => JSON.stringify(cell)).join('\n')
}
