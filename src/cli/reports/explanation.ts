/** The output of `deltaprop explain`: the inputs, the derivation, the outputs. */
import { largest } from '../../base/columns.js'
import { isCategorical, isLabel, widthOf, type ModelColumn } from '../../model/column.js'
import type { Answer, Encoded, Model } from '../../model/index.js'
import { drawTable } from '../charts/text-table.js'
import type { JSONRecord } from '../../scoring/jsonl.js'
import { describeNetwork } from '../models.js'
import { percent, short } from '../format-numbers.js'
import { print } from '../output.js'
import { clipped, colors, field, pad, printable, title, width, textWidth } from '../terminal.js'

export interface Explanation {
  readonly record: JSONRecord
  readonly x: Encoded['x']
  readonly y: Encoded['y']
  readonly answer: Answer
}

/** The most columns or classes listed; of more, only the first are. */
const LISTED = 20

export function reportExplanation(model: Model, place: string, { record, x, y, answer }: Explanation): void {
  print(title('Input', place))
  print(drawInputs(model.inputs, record, x))

  const { network } = model
  print(title('Derivation', describeNetwork(network)))
  if (y === undefined) {
    // The forward part does not need a target: the one passed here is not shown.
    const [forward] = String(network.trace(x, network.predict(x))).split('\nLoss\n')
    print(clipped(forward))
    const names = model.outputs.map(({ name }) => printable(name)).join(', ')
    print(`\nThe row has no ${names}: there is no loss, and nothing to go back from.`)
  } else {
    print(clipped(String(network.trace(x, y))))
  }

  print(title('Output'))
  print(drawOutputs(model.outputs, network.predict(x), answer))
  const truths = model.outputs.flatMap(({ name }) =>
    y === undefined ? [] : [`${printable(name)} = ${showValue(record[name])}`],
  )
  const answers = model.outputs.map(({ name }) => `${printable(name)} = ${showValue(answer[name])}`)
  print()
  print(field('Prediction', answers.join(', ')))
  if (truths.length > 0) print(field('Target', truths.join(', ')))
}

/** Each column: its value, its transformation, and the numbers the network gets. */
function drawInputs(inputs: readonly ModelColumn[], record: JSONRecord, x: ArrayLike<number>): string {
  let at = 0
  const rows = inputs.map((column) => {
    const numbers = Array.from({ length: widthOf(column) }, (_, i) => x[at + i])
    at += numbers.length
    return [
      printable(column.name, 24),
      showValue(record[column.name]),
      scalingFormula(column),
      showNumbers(numbers),
    ]
  })
  const rest = rows.length > LISTED ? [[`… ${rows.length - LISTED} more`, '', '', '']] : []
  return drawTable(
    [
      { title: 'column', align: 'left' },
      { title: 'value', align: 'right' },
      { title: 'becomes', align: 'left' },
      { title: 'a_h', align: 'left' },
    ],
    [...rows.slice(0, LISTED), ...rest],
  )
}

/** How a value becomes network inputs. */
function scalingFormula(column: ModelColumn): string {
  if (isCategorical(column)) {
    return `1 of ${column.categories.length} for its ${column.kind === 'text' ? 'text' : 'value'}`
  }
  if (isLabel(column)) return `1 for ${column.labels[1]}`
  switch (column.scale) {
    case 'standardize':
      return `(v − ${short(column.mean)}) / ${short(column.deviation)}`
    case 'minMax':
      return `(v − ${short(column.min)}) / ${short(column.max - column.min || 1)}`
    case 'none':
      return 'v'
  }
}

/** The classes and their probabilities; or each target or label, and how it is computed. */
function drawOutputs(outputs: readonly ModelColumn[], o: ArrayLike<number>, answer: Answer): string {
  const [first] = outputs
  if (isCategorical(first)) return drawProbabilities(first.categories.map(String), o)
  const rows = outputs.map((column, i) => [
    printable(column.name, 24),
    o[i].toPrecision(6),
    unscalingFormula(column),
    showValue(answer[column.name]),
  ])
  return drawTable(
    [
      { title: 'column', align: 'left' },
      { title: 'o', align: 'right' },
      { title: 'becomes', align: 'left' },
      { title: 'value', align: 'right' },
    ],
    rows,
  )
}

/** How a network output becomes a target value. */
function unscalingFormula(column: ModelColumn): string {
  if (isCategorical(column)) return ''
  if (isLabel(column)) return `${column.labels[1]} for o > ½`
  switch (column.scale) {
    case 'standardize':
      return `o · ${short(column.deviation)} + ${short(column.mean)}`
    case 'minMax':
      return `o · ${short(column.max - column.min || 1)} + ${short(column.min)}`
    case 'none':
      return 'o'
  }
}

/** The most characters of a bar, which is preceded by its label and 11 more characters. */
const BAR = 30

/** A bar for each class, with a length proportional to its probability. */
function drawProbabilities(classes: readonly string[], o: ArrayLike<number>): string {
  const names = classes.slice(0, LISTED).map((name) => printable(name, 24))
  const label = Math.max(...names.map(textWidth))
  const longest = Math.max(0, Math.min(BAR, width - label - 11))
  const most = largest(Array.from(o))
  const lines = names.map((name, c) => {
    const bar = '█'.repeat(Math.round(longest * o[c]))
    const line = `${pad(name, label, 'left')}  ${percent(o[c]).padStart(7)}  ${colors.cyan(bar)}`.trimEnd()
    return o[c] === most ? colors.bold(line) : line
  })
  return [...lines, ...(classes.length > LISTED ? [`… ${classes.length - LISTED} more`] : [])].join('\n')
}

/** The numbers of one column; if there are many, only the first. */
function showNumbers(numbers: readonly number[]): string {
  const some = numbers
    .slice(0, 6)
    .map((number) => (Number.isInteger(number) ? String(number) : number.toPrecision(6)))
  return numbers.length > 6 ? `${some.join(' ')} …` : some.join(' ')
}

function showValue(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(7))) : printable(String(value))
}
