// @ts-check
/**
 * How fast does a network train on a CSV file that is larger than memory, and how much of that does it take?
 *
 *     npm run build && node bench/stream.js [--quick]
 *
 * 1 GB of CSV, made while it is read: 20 numbers of 8 digits and a class, lines drawn from 4,096. `csvBatches` makes tables of 4,096
 * rows of it, which `fit` trains a 20-32-1 network on, 32 at a time. Memory is the largest that the process has been resident
 * with, as the operating system counts it, Node included.
 */
import { adam, evaluate, Network, stream } from 'deltaprop'
import { csvBatches } from 'deltaprop/data'
import { isMain } from './isolate.js'
import { isQuick } from './measure.js'
import { printTable } from './report/table.js'

const FEATURES = 20
const LINES = 4096
const CHUNK_LINES = 512

/** Numbers from −1 to 1, the same every time (a linear congruential generator of 32 bits). */
let state = 1
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return state / 2 ** 31 - 1
}

/** Samples whose class is the side of a plane that they are on. */
function samples() {
  const rows = Array.from({ length: LINES }, () => {
    return Array.from({ length: FEATURES }, () => Number(random().toFixed(8)))
  })
  const labels = rows.map((row) =>
    row.reduce((sum, value, i) => sum + (i % 3 === 0 ? value : -value), 0) > 0 ? 1 : 0,
  )
  return { x: rows, y: labels }
}

/**
 * @param {ReturnType<typeof samples>} data
 * @param {number} bytes at least
 * @param {(bytes: number) => void} count is told of every chunk
 */
async function* csv({ x, y }, bytes, count) {
  const lines = x.map((row, i) => `${row.map((value) => value.toFixed(8)).join(',')},${y[i]}\n`)
  yield `${Array.from({ length: FEATURES }, (_, i) => `x${i}`).join(',')},y\n`
  for (let made = 0; made < bytes;) {
    const drawn = Array.from({ length: CHUNK_LINES }, () => {
      return lines[Math.floor(((random() + 1) / 2) * LINES)]
    })
    const chunk = drawn.join('')
    made += chunk.length
    count(chunk.length)
    yield await Promise.resolve(chunk)
  }
}

/**
 * A table as samples by row.
 * @param {import('deltaprop/data').Table} table
 */
function piece({ rows, columns }) {
  const [x, y] = [new Float32Array(rows * FEATURES), new Float32Array(rows)]
  for (const [c, { values }] of columns.entries()) {
    const [target, width, start] = c < FEATURES ? [x, FEATURES, c] : [y, 1, 0]
    for (let row = 0; row < rows; ++row) target[row * width + start] = Number(values[row])
  }
  return { x, y }
}

/** @param {AsyncIterable<import('deltaprop/data').Table>} tables */
async function* pieces(tables) {
  for await (const table of tables) yield piece(table)
}

export async function measureStream() {
  const bytes = isQuick ? 1e7 : 1e9
  const data = samples()
  const net = new Network([FEATURES, 32, 1], {
    activation: { hidden: 'tanh', output: 'sigmoid' },
    loss: 'binaryCrossEntropy',
    seed: 1,
  })
  let read = 0
  const tables = csvBatches(
    csv(data, bytes, (n) => (read += n)),
    { batchRows: 4096 },
  )
  const start = performance.now()
  const { epochs } = await net.fit(stream(pieces(tables)), {
    batchSize: 32,
    optimizer: adam({ learningRate: 0.001 }),
  })
  const seconds = (performance.now() - start) / 1000
  const result = evaluate(net, data)
  const accuracy = result.kind === 'classification' ? result.accuracy : NaN
  if (!(accuracy > 0.95)) throw new Error(`expected an accuracy above 0.95, got ${accuracy}`)
  const megabytes = process.resourceUsage().maxRSS / 1024
  printTable('Training on a stream of CSV', [
    {
      'CSV, MB': (read / 1e6).toFixed(0),
      updates: epochs[0].batches.toLocaleString('en'),
      'MB/s': (read / 1e6 / seconds).toFixed(0),
      'peak resident, MB': megabytes.toFixed(0),
      'loss, checksum': epochs[0].loss.toPrecision(12),
      accuracy: accuracy.toFixed(4),
    },
  ])
}

if (isMain(import.meta.url)) await measureStream()
