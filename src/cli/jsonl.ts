/** JSON lines: one object a line. */
import { show } from '../check.js'

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
    batch.push(readRecord(`line ${line}`, text))
    if (batch.length < batchRows) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** @throws RangeError unless the text is a JSON object */
export function readRecord(name: string, text: string): JSONRecord {
  let value: unknown
  try {
    value = JSON.parse(withExactIntegers(text))
  } catch (cause) {
    throw new RangeError(`${name}: expected a JSON object, got ${show(text)}`, { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RangeError(`${name}: expected a JSON object, got ${show(value)}`)
  }
  return value as JSONRecord
}

/** A string, or a number, of JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** JSON in which integers that no number has exactly, such as ids of databases, are texts: two of them would be one. */
function withExactIntegers(text: string): string {
  if (!/\d{16}/.test(text)) return text
  return text.replace(TOKEN, (token) =>
    /^-?\d{16,}$/.test(token) && BigInt(token) !== BigInt(Number(token)) ? `"${token}"` : token,
  )
}

async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = parts.pop() ?? ''
    yield* parts
    if (rest.length > MOST)
      throw new RangeError(`expected lines of at most ${MOST} characters, got a longer one`)
  }
  yield rest + decoder.decode()
}
