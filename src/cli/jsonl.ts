/** JSON lines: one object a line. */
import { rangeError, type ErrorPlace } from '../base/argument-error.js'
import { remediableError } from '../base/remedies.js'
import { show } from '../base/check.js'
import { checkText } from '../base/json-text.js'

export type JSONRecord = Readonly<Record<string, unknown>>

/** Most characters of one line. */
const MOST = 2 ** 20

/** The objects of a file, some at a time; empty lines are left out. @throws RangeError that names the line */
export async function* jsonBatches(
  chunks: AsyncIterable<Uint8Array>,
  batchRows: number,
): AsyncGenerator<JSONRecord[], void, void> {
  let batch: JSONRecord[] = []
  let line = 0
  for await (const text of lines(chunks)) {
    line += 1
    if (text.trim() === '') continue
    batch.push(readRecord({ line }, text))
    if (batch.length < batchRows) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** @throws RangeError unless the text is a JSON object, which can be read in one way alone: see checkText */
export function readRecord(name: string | ErrorPlace, text: string): JSONRecord {
  let value: unknown
  try {
    value = JSON.parse(text)
    // Of JSON alone: of what is none, the search for its strings could take time without end.
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
 * Whether JSON, of which an object with so many names has come, can be read in no other way: it has nothing in it that has names of its
 * own or brackets, no escapes, and no more colons than names. Most lines are such, and are known to be in a tenth of the time.
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

/** A string, or a number, of JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** JSON in which integers that no number has exactly, such as ids of databases, are texts: two of them would be one. */
function withExactIntegers(text: string): string {
  return text.replace(TOKEN, (token) =>
    /^-?\d{16,}$/.test(token) && BigInt(token) !== BigInt(Number(token)) ? `"${token}"` : token,
  )
}

async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  let line = 1
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

/** The error of bytes that are no UTF-8, in the first line that has some. */
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
