// @ts-check
/**
 * What is told of the comparisons: lines in the terminal, and RESULTS.md.
 *
 * @typedef {import('./index.js').Comparison} Comparison
 */
import { activations, precisions } from './networks.js'

/** How far answers may be apart. @param {Comparison} comparison */
export function bounds({ precision, difference, bound }) {
  const most = bound?.most ?? { f32: 1e-6, f64: 1e-12 }[precision]
  return { most, isWithin: typeof difference === 'string' || difference <= most }
}

/** @param {Comparison} comparison @returns {string} */
export function line(comparison) {
  const { format, direction, tool, what, precision, bound } = comparison
  const cells = [format.padEnd(13), direction.padEnd(4), tool.padEnd(13), what.padEnd(26), precision]
  const { most, isWithin } = bounds(comparison)
  const note = isWithin ? (bound === undefined ? '' : `  of ${most}: ${bound.reason}`) : '  beyond the bound'
  return `${cells.join(' ')}  ${number(comparison)}${note}`
}

/** Formats that share a table. */
const tables = [
  ['ONNX'],
  ['state_dict', 'NumPy'],
  ['Keras', 'TensorFlow.js', 'C'],
  ['brain.js 1', 'brain.js 2', 'synaptic', 'ConvNetJS', 'FANN'],
]

/**
 * RESULTS.md, whole, before it is formatted.
 *
 * @param {readonly Comparison[]} comparisons
 * @param {{ machine: string, versions: readonly string[] }} where
 */
export function document(comparisons, { machine, versions }) {
  const notes = new Notes()
  const compared = comparisons.filter(({ difference }) => typeof difference === 'number')
  const failed = compared.filter((comparison) => !bounds(comparison).isWithin).length
  const special = comparisons.filter(({ what }) => !isActivation(what))
  const most = precisions.map((precision) => {
    const same = compared.filter((each) => each.precision === precision && each.bound === undefined)
    return `${precision} ${Math.max(...same.map(({ difference }) => Number(difference))).toExponential(1)}`
  })
  const sections = tables.map((formats) => {
    const columns = comparisons.filter(({ format, what }) => formats.includes(format) && isActivation(what))
    return `## ${formats.join(', ')}\n\n${matrix(columns, notes)}`
  })
  const other = comparisons.find(({ format }) => !tables.flat().includes(format))
  if (other !== undefined) throw new Error(`${other.format}: expected a table for it`)
  const more = [...new Set(special.map(keyOf))].map((key) => {
    const same = special.filter((comparison) => keyOf(comparison) === key)
    const [{ format, direction, what }] = same
    const tools = [...new Set(same.map(({ tool }) => tool))]
    const cells = tools.map((name) => {
      const answers = same.filter(({ tool }) => tool === name)
      return `${name} ${cell(answers, notes)}`
    })
    return [format, direction, what, cells.join(', ')]
  })
  return `# How close deltaprop is to other tools

Written by \`npm run test:interop -- --write\`, on ${machine}. A cell is the largest difference of
what deltaprop predicts from **the tool's own answer**, relative to the largest output: f32 / f64, or f32 alone, where
the tool or the format has no more. _In_: deltaprop read a file that the tool, PyTorch for onnxruntime, or h5py, wrote; _out_:
the tool read what deltaprop wrote. Networks are 6-12-9-4, on AVR 4-6-3, with the activation in all layers, but before
softmax relu; 200 samples from −3 to 3, on AVR 60. Bounds are 1e-6 in f32 and 1e-12 in f64, unless a note has another:
**${compared.length - failed} of ${compared.length} are within them**. Without such notes, the largest are ${most.join(', ')}.
–: the tool has no such function.

${sections.join('\n\n')}

## More

Of ONNX and TensorFlow.js, \`what\` are files of test/fixtures/interop, written again.

${grid([['format', 'direction', 'what', 'difference from the answer of'], ...more])}

## Notes

${notes.list()}

## Versions

${versions.join(' · ')}
`
}

/** @param {Comparison} comparison */
function keyOf({ format, direction, what }) {
  return [format, direction, what].join('\n')
}

/** @param {string} what @returns {boolean} */
function isActivation(what) {
  return /** @type {readonly string[]} */ (activations).includes(what)
}

/**
 * A row for each activation, a column for each format, direction and tool.
 *
 * @param {readonly Comparison[]} comparisons
 * @param {Notes} notes
 */
function matrix(comparisons, notes) {
  /** @param {Comparison} comparison */
  const nameOf = ({ format, direction, tool }) =>
    `${format} ${direction}${format.startsWith(tool) ? '' : `, ${tool}`}`
  const columns = [...new Set(comparisons.map(nameOf))]
  const rows = activations.map((what) => {
    const cells = columns.map((column) => {
      const same = comparisons.filter((each) => each.what === what && nameOf(each) === column)
      // What cannot be written has a reason.
      if (same.length === 0 && column.includes(' out')) throw new Error(`${column}: expected ${what}`)
      return cell(same, notes)
    })
    return [what, ...cells]
  })
  return grid([['', ...columns], ...rows.filter((row) => row.some((text, i) => i > 0 && text !== '–'))])
}

/** @param {readonly Comparison[]} comparisons of both precisions, or one @param {Notes} notes */
function cell(comparisons, notes) {
  if (comparisons.length === 0) return '–'
  const texts = precisions.flatMap((precision) => {
    return comparisons.filter((each) => each.precision === precision).map((each) => notes.mark(each))
  })
  const isWide = comparisons.every(
    ({ precision, difference }) => precision === 'f64' && typeof difference === 'number',
  )
  return `${isWide ? 'f64 ' : ''}${[...new Set(texts)].join(' / ')}`
}

/** @param {Comparison} comparison */
function number({ difference }) {
  if (typeof difference === 'string') return difference
  return difference === 0 ? '0' : difference.toExponential(1)
}

/** Reasons, each with a letter. */
class Notes {
  /** @type {string[]} */
  #reasons = []

  /** @param {Comparison} comparison @returns {string} its cell */
  mark(comparison) {
    const { difference, bound } = comparison
    const { most, isWithin } = bounds(comparison)
    if (typeof difference === 'string') return this.#letter(difference)
    const text = isWithin ? number(comparison) : `**${number(comparison)}**`
    return bound === undefined ? text : `${text} ${this.#letter(`bound ${most}: ${bound.reason}`)}`
  }

  /** @param {string} reason */
  #letter(reason) {
    if (!this.#reasons.includes(reason)) this.#reasons.push(reason)
    return `(${String.fromCharCode(97 + this.#reasons.indexOf(reason))})`
  }

  list() {
    return this.#reasons.map((reason) => `- ${this.#letter(reason)} ${reason}`).join('\n')
  }
}

/** @param {readonly (readonly string[])[]} rows the first is the heading */
function grid([heading, ...rows]) {
  /** @param {readonly string[]} cells */
  const text = (cells) => `| ${cells.map((each) => each.replaceAll('|', '\\|')).join(' | ')} |`
  return [text(heading), text(heading.map(() => '---')), ...rows.map(text)].join('\n')
}
