// @ts-check
/**
 * How many megabytes of CSV become columns of numbers in a second, in memory and as a stream?
 *
 *     npm run build && node bench/csv.js [--quick]
 *
 * The file is the table of digits again and again, 100 MB; `full` has numbers of 16 and 17 digits, 50 MB. The first run
 * counts: a file is read once.
 */
import { csvBatches, parseCsv, readCsv } from 'deltaprop/data'
import { readFileSync } from 'node:fs'
import { isMain } from './isolate.js'
import { formatRate, isQuick, ratesOf, takeTurns } from './measure.js'
import { printTable } from './report/table.js'

const CHUNK = 2 ** 16

/** @typedef {import('deltaprop/data').Table} Table */

/** @param {number} megabytes */
function digits(megabytes) {
  const text = readFileSync(new URL('../examples/data/digits.csv', import.meta.url), 'utf8')
  const [names, body] = [text.slice(0, text.indexOf('\n') + 1), text.slice(text.indexOf('\n') + 1)]
  return Buffer.from(names + body.repeat(Math.round((1e6 * megabytes) / body.length)))
}

/** @param {number} megabytes */
function full(megabytes) {
  const rows = Array.from({ length: 1000 }, (_, r) => {
    return Array.from({ length: 20 }, (_, c) => Math.sin(r * 20 + c) * 10 ** (c % 8)).join(',')
  })
  const body = `${rows.join('\n')}\n`
  const names = Array.from({ length: 20 }, (_, c) => `c${c}`).join(',')
  return Buffer.from(`${names}\n${body.repeat(Math.round((1e6 * megabytes) / body.length))}`)
}

/** @param {Buffer} bytes */
async function* stream(bytes) {
  for (let i = 0; i < bytes.length; i += CHUNK) yield await Promise.resolve(bytes.subarray(i, i + CHUNK))
}

/** @param {Table} table */
function sum({ columns }) {
  let total = 0
  for (const { kind, values } of columns) {
    if (kind === 'number') for (const value of values) total += value
  }
  return total
}

export async function measureCsv() {
  const rows = []
  for (const [name, bytes] of /** @type {const} */ ([
    ['digits', digits(isQuick ? 5 : 100)],
    ['full', full(isQuick ? 5 : 50)],
  ])) {
    const text = bytes.toString()
    /** @type {number[]} */
    const sums = []
    const contenders = [
      { name: 'parseCsv, bytes', run: () => sums.push(sum(parseCsv(bytes))) },
      { name: 'parseCsv, text', run: () => sums.push(sum(parseCsv(text))) },
      { name: 'readCsv, stream', run: async () => sums.push(sum(await readCsv(stream(bytes)))) },
      {
        name: 'csvBatches, stream',
        run: async () => {
          let total = 0
          for await (const table of csvBatches(stream(bytes))) total += sum(table)
          sums.push(total)
        },
      },
    ]
    const turns = { rounds: isQuick ? 1 : 5, roundMs: 1, warmup: false }
    const milliseconds = await takeTurns(contenders, turns)
    const [first] = sums
    if (sums.some((total) => Math.abs(total - first) > 1e-9 * Math.abs(first) + 1e-3)) {
      throw new Error(`${name}: expected the same sum from all, got ${sums.join(', ')}`)
    }
    for (const [i, contender] of contenders.entries()) {
      rows.push({
        file: name,
        reader: contender.name,
        'bytes/s': formatRate(ratesOf(milliseconds[i], bytes.length)),
        checksum: first.toPrecision(9),
      })
    }
  }
  printTable('CSV into columns', rows, 2)
}

if (isMain(import.meta.url)) await measureCsv()
