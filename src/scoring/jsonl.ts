/** JSON lines: one object per line. */
import { rangeError, type ErrorPlace } from '../base/argument-error.js'
import { remediableError } from '../base/remedies.js'
import { show } from '../base/check.js'
import { checkText } from '../base/json-text.js'

export type JSONRecord = Readonly<Record<string, unknown>>

/** The most characters in one line. */
const MOST = 2 ** 20

/**
 * The objects of a file, in batches; empty lines are skipped.
 *
 * @param firstLine that the chunks begin with
 * @throws RangeError that names the line
 */
export async function* jsonBatches(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  batchRows: number,
  firstLine = 1,
): AsyncGenerator<JSONRecord[], void, void> {
  let batch: JSONRecord[] = []
  let line = firstLine - 1
  for await (const text of lines(chunks, firstLine)) {
    line += 1
    if (text.trim() === '') continue
    batch.push(readRecord({ line }, text))
    if (batch.length < batchRows) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** @throws RangeError unless the text is a JSON object that is unambiguous: see checkText */
export function readRecord(name: string | ErrorPlace, text: string): JSONRecord {
  let value: unknown
  try {
    value = JSON.parse(text)
    // Only after parsing: on text that is not JSON, the search for strings could take unbounded time.
    if (hasManyDigits(text)) value = JSON.parse(withExactIntegers(text))
  } catch (cause) {
    throw rangeError(name, 'a JSON object', show(text), { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw rangeError(name, 'a JSON object', show(value))
  }
  if (!isPlain(text, Object.keys(value).length)) checkText(name, text, Infinity)
  return value as JSONRecord
}

/**
 * Whether JSON text that parsed to an object with this many names is unambiguous: it contains no nested objects, no
 * brackets, no escapes, and no more colons than names. Most lines are like that, and this test takes a tenth of the
 * time.
 */
function isPlain(text: string, names: number): boolean {
  if (text.includes('[') || text.includes('\\') || text.indexOf('{') !== text.lastIndexOf('{')) return false
  let colons = 0
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) ++colons
  return colons === names
}

function hasManyDigits(text: string): boolean {
  return /\d{16}/.test(text)
}

/** A JSON string or number. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/**
 * Turns integers that a number cannot represent exactly, such as database ids, into texts: two of them could become
 * equal.
 */
function withExactIntegers(text: string): string {
  return text.replace(TOKEN, (token) =>
    /^-?\d{16,}$/.test(token) && BigInt(token) !== BigInt(Number(token)) ? `"${token}"` : token,
  )
}

async function* lines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  firstLine: number,
): AsyncGenerator<string, void, void> {
  // A byte order mark is one only where a file begins.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: firstLine > 1 })
  let rest = ''
  let line = firstLine
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
    } catch {
      throw notUtf8(rest, line, chunk)
    }
  }
  for await (const chunk of chunks) {
    const parts = (rest + decode(chunk)).split('\n')
    line += parts.length - 1
    rest = parts.pop() ?? ''
    yield* parts
    if (rest.length > MOST) throw rangeError({}, `lines of at most ${MOST} characters`, 'a longer one')
  }
  yield rest + decode()
}

/** The error for bytes that are not UTF-8, naming the first line that contains any. */
function notUtf8(rest: string, line: number, chunk: Uint8Array | undefined): RangeError {
  const lines = (rest + new TextDecoder().decode(chunk)).split('\n')
  const first = Math.max(
    0,
    lines.findIndex((text) => text.includes('\ufffd')),
  )
  return remediableError({ line: line + first }, 'UTF-8', show(lines[first]), [
    { option: 'encoding', value: 'latin1', effect: 'reads it as Windows-1252' },
  ])
}
