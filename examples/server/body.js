// @ts-check
import { busy, RequestError } from './errors.js'

/** What a chunk counts at least: it takes its time, too, 3 µs however small it is. */
const LEAST = 256

/**
 * Reads a body as it comes, into one buffer: a list of its chunks would take a hundred times their bytes where each has one.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {number} limit bytes that it may have
 * @param {import('./gate.js').Visit} visit that counts what has arrived
 * @returns {Promise<Buffer>}
 * @throws RequestError: 413 beyond the limit, 503 if there is no room for it
 */
export function readBody(request, limit, visit) {
  const isChunked = request.headers['transfer-encoding'] !== undefined
  const most = isChunked ? limit : announcedBytes(request, limit)
  return new Promise((resolve, reject) => {
    /** @type {Buffer} */
    let buffer = Buffer.alloc(0)
    let length = 0
    let counted = 0
    /** @param {Error} error */
    const stop = (error) => {
      // What still comes is read, and goes nowhere.
      request.off('data', take).resume()
      reject(error)
    }
    /** @param {Buffer} chunk */
    const take = (chunk) => {
      const end = length + chunk.length
      const counts = Math.max(chunk.length, LEAST)
      counted += counts
      if (end > limit || counted > limit + LEAST) {
        stop(tooLarge(limit))
        return
      }
      if (!visit.take(counts)) {
        stop(busy())
        return
      }
      if (length === 0) buffer = chunk
      else {
        if (end > buffer.length) buffer = enlarged(buffer, length, Math.max(end, Math.min(2 * end, most)))
        chunk.copy(buffer, length)
      }
      length = end
    }
    request.on('data', take)
    request.on('end', () => resolve(buffer.subarray(0, length)))
    request.on('error', (cause) =>
      reject(new RequestError(400, 'body: expected all of it, got a part', { cause })),
    )
  })
}

/**
 * How long a body will be, 0 where its head does not tell.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {number} limit
 * @throws RequestError 413 beyond the limit
 */
export function announcedBytes({ headers }, limit) {
  const bytes = Number(headers['content-length'] ?? 0)
  if (bytes > limit) throw tooLarge(limit)
  return bytes
}

/** @param {number} limit */
function tooLarge(limit) {
  return new RequestError(413, `body: expected at most ${limit} bytes`)
}

/**
 * @param {Buffer} buffer
 * @param {number} length of what is in it
 * @param {number} capacity
 */
function enlarged(buffer, length, capacity) {
  const larger = Buffer.allocUnsafe(capacity)
  buffer.copy(larger, 0, 0, length)
  return larger
}
