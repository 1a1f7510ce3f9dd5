/** The output of `deltaprop inspect`. */
import type { Layer } from '../../index.js'
import { isCategorical, isLabel, type ModelColumn } from '../../model/column.js'
import type { Progress } from '../../state/saved.js'
import { drawHistogram, histogram } from '../charts/histogram.js'
import { drawTable } from '../charts/text-table.js'
import { showFile } from '../files.js'
import { describeNetwork, type Inspected } from '../models.js'
import { bytes, count, counted, short } from '../format-numbers.js'
import { print } from '../output.js'
import { colors, field, printable, title, width } from '../terminal.js'

/** The most columns and layers listed; of more, only the first are. */
const LISTED = 24

const BINS = 60

export function reportInspection(path: string, { network, model, progress, bytes: size }: Inspected): void {
  const kind = model === undefined ? 'a network, without pre-processing' : 'a model'
  print(field('File', `${showFile(path)}, ${bytes(size)}: ${kind}`))
  print(field('Network', describeNetwork(network)))
  print(field('Training', describeProgress(progress)))
  print(field('Seed', String(network.seed)))
  if (model !== undefined) {
    print(title('Columns'))
    print(drawColumns(model.inputs, model.outputs))
  }
  print(title('Layers'))
  print(drawLayers(network.layers))
  print(title('Weights', 'how many of each layer lie where'))
  const bins = Math.min(BINS, width - 4)
  for (const [l, { weights, inputs, units }] of network.layers.slice(0, LISTED).entries()) {
    if (l > 0) print()
    print(`layer ${l + 1}  ${colors.dim(`${count(units)} × ${count(inputs)}`)}`)
    print(drawHistogram(weights, bins))
  }
}

function describeProgress({ epochs, optimizer, counters, pending }: Progress): string {
  const parts = [
    counted(epochs, 'epoch'),
    optimizer === undefined
      ? 'no optimiser yet'
      : `${counted(counters[0], 'update')} of ${optimizer.type} at ${optimizer.learningRate}`,
  ]
  return [...parts, ...(pending > 0 ? [`gradients of ${counted(pending, 'sample')} pending`] : [])].join(', ')
}

/** The input and output columns. */
function drawColumns(inputs: readonly ModelColumn[], outputs: readonly ModelColumn[]): string {
  const line = (side: string, column: ModelColumn): string[] => [
    side,
    printable(column.name, 32),
    kindName(column),
    preprocessing(column),
  ]
  const rows = inputs.slice(0, LISTED).map((column) => line('in', column))
  const rest = inputs.length > LISTED ? [['', `… ${inputs.length - LISTED} more`, '', '']] : []
  return drawTable(
    ['', 'column', 'kind', 'pre-processing'].map((title) => ({ title, align: 'left' })),
    [...rows, ...rest, ...outputs.map((column) => line('out', column))],
  )
}

function kindName({ kind }: ModelColumn): string {
  return kind === 'boolean' ? 'true/false' : kind
}

function preprocessing(column: ModelColumn): string {
  if (isLabel(column)) return column.labels.map((label, i) => `${i} for ${label}`).join(', ')
  if (isCategorical(column)) {
    const { categories } = column
    const some = categories.slice(0, 6).map((category) => printable(String(category), 16))
    return `one-hot: ${some.join(', ')}${categories.length > 6 ? ` … (${count(categories.length)})` : ''}`
  }
  switch (column.scale) {
    case 'standardize':
      return `standardised: mean ${short(column.mean)}, deviation ${short(column.deviation)}`
    case 'minMax':
      return `from ${short(column.min)} … ${short(column.max)} to 0 … 1`
    case 'none':
      return 'as it is'
  }
}

function drawLayers(layers: readonly Layer[]): string {
  const rows = layers.map(({ inputs, units, activation, weights, biases }, l) => {
    const { mean, deviation, least, most } = statistics(weights)
    const numbers = [mean, deviation, least, most].map(short)
    return [
      String(l + 1),
      count(inputs),
      count(units),
      typeof activation === 'string' ? activation : activation.type,
      count(weights.length + biases.length),
      ...numbers,
    ]
  })
  const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' })
  return drawTable(
    [
      right('#'),
      right('inputs'),
      right('units'),
      { title: 'activation', align: 'left' },
      right('parameters'),
      right('w: mean'),
      right('deviation'),
      right('least'),
      right('most'),
    ],
    rows,
  )
}

/** The distribution of the numbers. */
export function statistics(values: ArrayLike<number>): {
  readonly mean: number
  readonly deviation: number
  readonly least: number
  readonly most: number
  readonly histogram: readonly number[]
} {
  const n = values.length
  let [sum, squares] = [0, 0]
  for (let i = 0; i < n; ++i) sum += values[i]
  const mean = sum / n
  for (let i = 0; i < n; ++i) squares += (values[i] - mean) ** 2
  const { least, most, counts } = histogram(values, 20)
  return { mean, deviation: Math.sqrt(squares / n), least, most, histogram: counts }
}
