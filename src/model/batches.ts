import { typeError } from '../base/argument-error.js'
import { show } from '../base/check.js'
import { isTable } from '../data/table.js'
import type { Coder, EncodedPair } from './coder.js'
import { lastNumber, readData, type Data } from './source.js'

type Iterated = Iterable<Data> | AsyncIterable<Data>

/**
 * Data in parts, one after another: an iterable of parts, or a function that returns one for each epoch, counted from
 * 1.
 */
export type Batches = Iterated | ((epoch: number) => Iterated)

/** Whether data comes in parts. An array of tables or of arrays is a list of parts; an array of objects is data. */
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

/**
 * Encodes each part for the network when it is requested; an array is encoded again every epoch. Row numbers continue
 * from part to part.
 */
export function encodeBatches(
  coder: Coder,
  batches: Batches,
): AsyncIterable<EncodedPair> | ((epoch: number) => AsyncIterable<EncodedPair>) {
  if (typeof batches === 'function') return (epoch) => encodeEach(coder, batches(epoch))
  return Array.isArray(batches) ? () => encodeEach(coder, batches) : encodeEach(coder, batches)
}

/** Not a generator: while waiting for a batch that never comes, a generator could not pass on a call to return(). */
function encodeEach(coder: Coder, batches: unknown): AsyncIterable<EncodedPair> {
  return {
    [Symbol.asyncIterator]() {
      if (!isIterated(batches)) throw typeError('data', 'batches, one after the other', show(batches))
      const iterator = iterate(batches)
      let [number, rows] = [0, 0]
      return {
        async next() {
          const result = await iterator.next()
          if (result.done === true) return { done: true, value: undefined }
          try {
            // From an iterable that is not async, this may be a promise.
            const batch = await (result.value as Data | Promise<Data>)
            const name = `batch ${++number}`
            const sources = readData(name, batch, rows)
            rows = lastNumber(batch, rows)
            return { done: false, value: coder.toTrain(name, sources) }
          } catch (error) {
            await iterator.return?.()
            throw error
          }
        },
        async return() {
          await iterator.return?.()
          return { done: true, value: undefined }
        },
      }
    },
  }
}

function iterate(batches: Iterated): AsyncIterator<Data> | Iterator<Data> {
  return Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]()
}
