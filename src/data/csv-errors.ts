import { rangeError, type ErrorPlace } from '../base/argument-error.js'
import { remediableError } from '../base/remedies.js'
import { show } from '../base/check.js'
import { UTF_8 } from './encodings.js'

/** The name of a column of the file in messages; its number, from 1, where it has no name. */
export type ColumnName = Exclude<ErrorPlace['column'], undefined>

/** The error that a text is not of the encoding that the file is read in. */
export function wrongEncoding(line: number, column: ColumnName, encoding: string, got: string): RangeError {
  if (encoding !== UTF_8) return rangeError({ line, column }, encoding, got)
  return remediableError({ line, column }, 'UTF-8', got, [
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
export function missingError(line: number, column: ColumnName, got: string): RangeError {
  return remediableError({ line, column }, 'a value', `${got}, a missing one`, [
    { option: 'missing', value: 'drop', effect: 'leaves out such rows' },
  ])
}
