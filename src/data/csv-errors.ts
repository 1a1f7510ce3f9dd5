import { show } from '../base/check.js'
import { RemediableError } from '../base/remedies.js'
import { UTF_8 } from './encodings.js'

/** What is wrong in a file, and where: `line 17, column petal_width: expected a number, got "abc"`. */
export function fileError(
  line: number,
  column: string | undefined,
  expected: string,
  got: string,
): RangeError {
  return new RangeError(`${placeOf(line, column)}: expected ${expected}, got ${got}`)
}

export function placeOf(line: number, column?: string): string {
  return column === undefined ? `line ${line}` : `line ${line}, column ${column}`
}

/** The error that a text is not of the encoding that the file is read in. */
export function wrongEncoding(line: number, column: string, encoding: string, got: string): RangeError {
  const name = encoding === UTF_8 ? 'UTF-8' : encoding
  const error = fileError(line, column, name, got)
  if (encoding !== UTF_8) return error
  return new RemediableError(error.message, [
    { option: 'encoding', value: 'latin1', effect: 'reads it as Windows-1252' },
  ])
}

export function showByte(byte: number): string {
  return byte > 0x20 && byte < 0x7f
    ? show(String.fromCharCode(byte))
    : `the byte 0x${byte.toString(16).padStart(2, '0')}`
}

/** Bytes [start, end) as a text in messages. */
export function showBytes(bytes: Uint8Array, start: number, end: number): string {
  return show(new TextDecoder().decode(bytes.subarray(start, Math.min(end, start + 200))))
}

/** @param got as it is shown */
export function missingError(line: number, column: string, got: string): RangeError {
  const fact = `${placeOf(line, column)}: expected a value, got ${got}, a missing one`
  return new RemediableError(fact, [{ option: 'missing', value: 'drop', effect: 'leaves out such rows' }])
}
