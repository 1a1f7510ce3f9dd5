import { show } from '../check.js'
import { isTable } from '../data/table.js'
import type { Coder, EncodedPair } from './coder.js'
import { lastNumber, readData, type Data } from './source.js'

type Iterated = Iterable<Data> | AsyncIterable<Data>

/** Data in parts, one after the other: an iterable of them, or a function that gives one for each epoch, which count from 1. */
export type Batches = Iterated | ((epoch: number) => Iterated)

/** Whether data comes in parts: an array of tables or arrays is those, one of objects is data. */
export function isBatches(data: unknown): data is Batches {
  if (typeof data === 'function') return true
  if (Array.isArray(data)) return isTable(data[0]) || Array.isArray(data[0])
  return isIterated(data)
}

function isIterated(data: unknown): data is Iterated {
  return (
    typeof data === 'object' && data !== null && (Symbol.iterator in data || Symbol.asyncIterator in data)
  )
}

/** The same parts as the network sees them, each when it is asked for; those of an array for every epoch. Rows count on from part to part. */
export function encodeBatches(
  coder: Coder,
  batches: Batches,
): AsyncIterable<EncodedPair> | ((epoch: number) => AsyncIterable<EncodedPair>) {
  if (typeof batches === 'function') return (epoch) => encodeEach(coder, batches(epoch))
  return Array.isArray(batches) ? () => encodeEach(coder, batches) : encodeEach(coder, batches)
}

async function* encodeEach(coder: Coder, batches: unknown): AsyncGenerator<EncodedPair> {
  if (!isIterated(batches))
    throw new TypeError(`data: expected batches, one after the other, got ${show(batches)}`)
  let [number, rows] = [0, 0]
  for await (const batch of batches) {
    const name = `batch ${++number}`
    const sources = readData(name, batch, rows)
    rows = lastNumber(batch, rows)
    yield coder.weighted(name, sources)
  }
}
