// @ts-check
/**
 * What the matrix tells: lines in the terminal as cells are done, and RESULTS.md.
 *
 * @typedef {import('./report.js').Cell} Cell
 *
 * @typedef {object} Result
 * @property {Cell} cell
 * @property {readonly string[] | undefined} problems undefined: it could not be had here
 */

/** Problems of a cell that are told: what goes wrong first is often why the others do. */
const MOST = 5

/**
 * @param {Result} result
 * @returns {string}
 */
export function line({ cell, problems }) {
  const { name, version, how, outcome } = cell
  const sign = problems === undefined ? '·' : problems.length === 0 ? '✓' : '✗'
  const said = first('missing' in outcome ? [`not here: ${outcome.missing}`] : (problems ?? []))
  return [`${sign} ${name} ${version}, ${how}`, ...said.map((text) => text.replace(/^/gm, '    '))].join('\n')
}

/** @param {readonly string[]} problems */
function first(problems) {
  const more = problems.length - MOST
  return more > 0 ? [...problems.slice(0, MOST), `… and ${more} more`] : problems
}

/**
 * RESULTS.md, whole.
 *
 * @param {readonly Result[]} results
 * @param {import('./judge.js').Expected} expected
 * @param {{ machine: string, date: string }} when
 * @returns {string}
 */
export function document(results, { weights, baseline }, { machine, date }) {
  const ran = results.filter(({ problems }) => problems !== undefined)
  const passed = ran.filter(({ problems }) => problems?.length === 0)
  const missing = results.filter(({ problems }) => problems === undefined)
  const failed = ran.length - passed.length
  return `# Where deltaprop has been run

Written by \`npm run test:matrix\`, ${date}, on ${machine}. The package, packed as npm publishes it, has been installed into projects of
its own, and one suite (\`suite.ts\`) has run in each place: **${passed.length} passed, ${failed} failed**${
    missing.length === 0 ? '' : `, ${missing.length} could not be had on this machine and count as neither`
  }.

${grid([
  ['', 'version', 'how', 'checks', 'bits', 'threads 1, 2, 3', 'relaxed', 'first step', 'bundle'],
  ...results.map(row),
])}

- **checks**: imports; trains; predicts; both formats give the network back, which trains on; a table becomes a model that answers;
  models of scikit-learn (ONNX) and TensorFlow.js (in the dialect of Keras 3) are read, and answer as these tools do, with the names of
  the classes;
  in pages of browsers they are fetched, too, by the programs of docs/interop.md.
- **bits**: the weights of the networks below after 100 steps are those that are committed, in f32 and f64, on the calling thread and
  with \`threads: 1\`, \`2\` and \`3\`; and all predict the same bits. Those of \`engine: baseline\` are, too, in each place.
  The files that are made of models of other tools are the same bytes, and what they answer has the same bits.
- **processors**: under QEMU's user emulation, with Debian's libraries for them. Of those that have no core, _baseline_ in the place of threads,
  its bits are compared, and what is said to who asks for the core. All exchange files with this machine, both ways: what one has
  written the other reads, predicts and trains on with, to the same bits.
- **threads**: _shared_: one, two and three workers have been started, with one memory. _one_: memory cannot be shared there, one worker
  trains. _none_: no workers there, or none that this page may start; the calling thread trains. The bits are compared in each case.
- **relaxed**: arithmetic that may round differently, which a network has to ask for: what the first network's weights come to, or
  none where the engine has no such instructions. It is told, not compared.
- **first step**: from before the import until a network has been made and trained for one step, in ms. Of Node, Bun and Deno the median of
  five starts, each in a process of its own, when all files have been read before; of bundles and browsers one start. The start of the
  process or the browser is not counted.
- **bundle**: the smallest app that trains a network, minified and gzipped, in KB; of Next.js what it adds to a page.

${grid([
  ['network', 'hash of its weights', 'of the baseline'],
  ...Object.entries(weights).map(([name, hash]) => [name, `\`${hash}\``, `\`${baseline[name]}\``]),
])}
${results
  .filter(({ problems }) => problems?.length !== 0)
  .map(detail)
  .join('')}`
}

/** @param {Result} result @returns {string[]} */
function row({ cell, problems }) {
  const { name, version, how, threads, lack, bundleBytes, outcome } = cell
  if ('missing' in outcome) return [name, version, how, 'not here', '', '', '', '', '']
  if ('failed' in outcome) return [name, version, how, '**failed**', '', '', '', '', '']
  const { report } = outcome
  /** @param {RegExp} pattern */
  const sign = (pattern) => (problems?.some((text) => pattern.test(text)) ? '**✗**' : '✓')
  const ofBits = /^(weights|weights of the baseline|threads: \d|predictions|models|exchange),/
  return [
    name,
    version,
    how,
    problems?.some((text) => !ofBits.test(text)) ? '**✗**' : '✓',
    sign(ofBits),
    lack === undefined ? threads : 'baseline',
    report.relaxed ?? '?',
    report.firstStepMs === undefined ? '' : report.firstStepMs.toFixed(0),
    bundleBytes === undefined ? '' : (bundleBytes / 1000).toFixed(1),
  ]
}

/** Why a cell is not green. @param {Result} result */
function detail({ cell, problems }) {
  const { name, version, how, outcome } = cell
  const said = 'missing' in outcome ? `Not here: ${outcome.missing}` : first(problems ?? []).join('\n')
  return `\n## ${name} ${version}, ${how}\n\n\`\`\`text\n${said}\n\`\`\`\n`
}

/** @param {readonly (readonly string[])[]} rows the first is the heading */
function grid([heading, ...rows]) {
  /** @param {readonly string[]} cells */
  const text = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [text(heading), text(heading.map(() => '---')), ...rows.map(text)].join('\n')
}
