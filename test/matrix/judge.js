// @ts-check
/**
 * @typedef {import('./report.js').Cell} Cell
 * @typedef {import('./report.js').Report} Report
 *
 * @typedef {object} Expected what all must come to
 * @property {Readonly<Record<string, string>>} weights hashes, by golden case and precision
 * @property {Readonly<Record<string, string>>} baseline hashes of weights, of the other engine
 * @property {{ readonly wasm: string, readonly baseline: string }} predictions hashes
 * @property {Readonly<Record<string, Readonly<Record<string, string>>>>} models hashes, by the models of other tools
 */

/**
 * What is wrong with a cell that has run; nothing: all its checks hold.
 *
 * @param {Cell} cell
 * @param {Expected} expected
 * @returns {string[]}
 */
export function judge({ outcome, threads, lack }, expected) {
  if ('missing' in outcome) throw new Error('expected a cell that has run')
  if ('failed' in outcome) return [outcome.failed]
  const { report } = outcome
  const engine = lack === undefined ? 'wasm' : 'baseline'
  const ofBoth = [
    ...report.failures,
    ...(report.engine === engine ? [] : [`engine: expected ${engine}, got ${String(report.engine)}`]),
    ...differences('weights of the baseline', report.baseline, expected.baseline),
    ...differences('predictions', { f64: report.predictions }, { f64: expected.predictions[engine] }),
    ...Object.entries(expected.models).flatMap(([name, { wasm, ...others }]) =>
      differences(
        `models, ${name}`,
        report.models[name] ?? {},
        lack === undefined ? { ...others, wasm } : others,
      ),
    ),
  ]
  if (lack !== undefined) return [...ofBoth, ...judgeRefusal(report.refused ?? '', lack)]
  return [
    ...ofBoth,
    ...differences('weights', report.weights, expected.weights),
    ...[1, 2, 3].flatMap((count) => judgeThreads(report, count, threads, expected)),
    ...judgeWarnings(report.warnings, threads),
    ...(report.relaxed === undefined ? ['relaxed arithmetic: not probed'] : []),
  ]
}

/**
 * Whoever asks for the core is told that there is none, why, and what computes there.
 *
 * @param {string} said a line for each
 * @param {string} lack
 */
function judgeRefusal(said, lack) {
  return said
    .split('\n')
    .filter((line) => !line.includes(lack) || !line.includes('engine: baseline'))
    .map((line) => `refused: expected ${lack}, and what computes, got ${line}`)
}

/**
 * The bits; and as many workers as are said to be there have really answered.
 *
 * @param {Report} report
 * @param {number} count
 * @param {Cell['threads']} kind
 * @param {Expected} expected
 */
function judgeThreads({ threads }, count, kind, { weights }) {
  if (!Object.hasOwn(threads, count)) return [`threads: ${count}: not run`]
  const found = threads[count]
  const networks = Object.keys(weights).length
  const workers = { shared: count, one: 1, none: 0 }[kind] * networks
  return [
    ...differences(`threads: ${count}`, found.weights, weights),
    ...(found.workers === workers
      ? []
      : [`threads: ${count}: expected ${workers} workers for ${networks} networks, got ${found.workers}`]),
  ]
}

/**
 * What is asked for and not there, it says once, whatever the number of threads and of networks.
 *
 * @param {readonly string[]} warnings
 * @param {Cell['threads']} kind
 */
function judgeWarnings(warnings, kind) {
  const ends = { shared: [], one: ['; one worker trains'], none: ['; this thread trains'] }[kind]
  return warnings.length === ends.length && ends.every((end, i) => warnings[i].endsWith(end))
    ? []
    : [`warnings: expected ${JSON.stringify(ends)}, got ${JSON.stringify(warnings)}`]
}

/**
 * @param {string} name
 * @param {Readonly<Record<string, string | undefined>>} found
 * @param {Readonly<Record<string, string>>} expected
 */
function differences(name, found, expected) {
  return Object.keys(expected).flatMap((key) =>
    Object.hasOwn(found, key) && found[key] === expected[key]
      ? []
      : [`${name}, ${key}: expected ${expected[key]}, got ${String(found[key])}`],
  )
}
