/** The files of other tools, recognised by what is in them. */
import { rangeError } from '../base/argument-error.js'
import { checkBytes } from '../base/check.js'
import { openTensors } from '../formats/tensor-file.js'
import { type Converted } from './converted.js'
import { fromONNX, type OnnxOptions } from './onnx/read.js'
import { externalNames } from './onnx/external-names.js'
import { fromStateDict, type StateDictOptions } from './torch/read.js'

/** The files that fromFile reads, by the names of their formats. */
export type ForeignFormat = 'onnx' | 'state-dict'

/** Options of fromFile: those of the reader of that format. */
export interface FileOptions extends Omit<OnnxOptions, 'externalData'>, StateDictOptions {
  /** the files that belong to it, by their names: weights that lie beside an ONNX file */
  readonly files?: Readonly<Record<string, Uint8Array>>
}

interface Format {
  readonly is: (bytes: Uint8Array) => boolean
  readonly read: (bytes: Uint8Array, options: FileOptions) => Converted
  /** the names of the files that belong to it */
  readonly others: (bytes: Uint8Array) => readonly string[]
}

const none = (): readonly string[] => []

function withoutFiles(options: FileOptions): Omit<FileOptions, 'files'> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name !== 'files'))
}

const formats: Readonly<Record<ForeignFormat, Format>> = {
  onnx: {
    is: isONNX,
    read: (bytes, { files, ...options }) =>
      fromONNX(bytes, { ...options, ...(files && { externalData: files }) }),
    others: externalNames,
  },
  'state-dict': {
    is: isStateDict,
    read: (bytes, options) => fromStateDict(bytes, withoutFiles(options)),
    others: none,
  },
}

/**
 * The format of a file of another tool; undefined for one of deltaprop, and for what is neither.
 *
 * @example
 * import { Network } from 'deltaprop'
 * import { foreignFormat, toONNX } from 'deltaprop/interop'
 * foreignFormat(toONNX(new Network([2, 1]))) // onnx
 */
export function foreignFormat(bytes: Uint8Array): ForeignFormat | undefined {
  const file = checkBytes('bytes', bytes)
  const found = Object.entries(formats).find(([, { is }]) => is(file))
  return found?.[0] as ForeignFormat | undefined
}

/**
 * Reads a file of another tool, whichever it is, by its content; all readers come with it.
 *
 * @param options those of the reader of that format
 * @throws RangeError for a file of none of them; as the reader
 * @example
 * import { Network } from 'deltaprop'
 * import { fromFile, toONNX } from 'deltaprop/interop'
 * const net = fromFile(toONNX(new Network([2, 1]))).as(Network)
 */
export function fromFile(bytes: Uint8Array, options: FileOptions = {}): Converted {
  const format = foreignFormat(bytes)
  if (format === undefined) {
    throw rangeError('bytes', `a file of one of ${Object.keys(formats).join(', ')}`, 'another')
  }
  return formats[format].read(bytes, options)
}

/**
 * The names of the files that belong to a file of another tool, such as those with its weights.
 *
 * @example
 * import { Network } from 'deltaprop'
 * import { filesBeside, toONNX } from 'deltaprop/interop'
 * filesBeside(toONNX(new Network([2, 1]))) // []
 */
export function filesBeside(bytes: Uint8Array): readonly string[] {
  const format = foreignFormat(bytes)
  return format === undefined ? [] : formats[format].others(bytes)
}

/** It begins with the version of its format, field 1. */
function isONNX(bytes: Uint8Array): boolean {
  return bytes[0] === 0x08 && bytes.length > 8
}

/** A safetensors file that deltaprop cannot read by itself. */
function isStateDict(bytes: Uint8Array): boolean {
  try {
    const { header } = openTensors(bytes)
    const metadata = header.get('__metadata__')
    return !(typeof metadata === 'object' && metadata !== null && 'deltaprop' in metadata)
  } catch {
    return false
  }
}
