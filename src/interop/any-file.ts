/** The files of other tools, recognised by what is in them. */
import { rangeError } from '../base/argument-error.js'
import { dataOf } from '../base/byte-order.js'
import { checkBytes, isRecord, show } from '../base/check.js'
import { parseJSON } from '../base/json-text.js'
import { LENGTH_BYTES, openTensors } from '../formats/tensor-file.js'
import { fromBrain, type BrainOptions } from './brain/read.js'
import type { Converted } from './converted.js'
import { fromConvNetJS } from './convnetjs.js'
import { fromFANN } from './fann.js'
import { isHDF5 } from './hdf5/objects.js'
import { fromKeras, type KerasOptions } from './keras/read.js'
import { externalNames } from './onnx/external-names.js'
import { fromONNX, type OnnxOptions } from './onnx/read.js'
import { fromSynaptic } from './synaptic.js'
import { fromTensorFlowJS, type TensorFlowJSOptions } from './tfjs/read.js'
import { fileNames } from './tfjs/weights.js'
import { isZip } from './zip/zip.js'
import { fromStateDict, type StateDictOptions } from './torch/read.js'

/** The files that fromFile reads, by the names of their formats. */
export type ForeignFormat =
  'onnx' | 'state-dict' | 'keras' | 'tfjs' | 'brain' | 'synaptic' | 'convnetjs' | 'fann'

/** Options of fromFile: those of the reader of that format. */
export interface FileOptions
  extends
    Omit<OnnxOptions, 'externalData'>,
    StateDictOptions,
    KerasOptions,
    TensorFlowJSOptions,
    BrainOptions {
  /** the files that belong to it, by the names that it has for them: weights that lie beside it */
  readonly files?: Readonly<Record<string, Uint8Array>>
}

/** A file of another tool. */
export interface ForeignFile {
  readonly format: ForeignFormat
  /** the names of the files that belong to it: those with its weights */
  readonly beside: readonly string[]
  /**
   * @param options those of the reader of that format
   * @throws as the reader
   */
  read(options?: FileOptions): Converted
}

/** What is known of a file: its bytes, its text if it is a text, its value if that is JSON. */
interface Content {
  readonly bytes: Uint8Array
  readonly text: string | undefined
  /** an object of JSON; undefined if it is none */
  readonly json: Readonly<Record<string, unknown>> | undefined
}

interface Format {
  readonly is: (content: Content) => boolean
  /** @param options without the files, of which a reader has a name of its own */
  readonly read: (
    content: Content,
    options: Omit<FileOptions, 'files'>,
    files: Readonly<Record<string, Uint8Array>>,
  ) => Converted
  /** the names of the files that belong to it; none unless given */
  readonly beside?: (content: Content) => readonly string[]
  /** those of its reader that not all of them have; none unless given */
  readonly options?: readonly (keyof FileOptions)[]
}

const formats: Readonly<Record<ForeignFormat, Format>> = {
  'state-dict': {
    is: ({ bytes }) => isStateDict(bytes),
    read: ({ bytes }, options) => fromStateDict(bytes, options),
    options: ['activation', 'order', 'epsilon'],
  },
  onnx: {
    // It begins with the version of its format, field 1; safetensors may begin with the same byte.
    is: ({ bytes }) => bytes[0] === 0x08 && bytes.length > 8 && !isTensors(bytes),
    read: ({ bytes }, options, externalData) => fromONNX(bytes, { ...options, externalData }),
    beside: ({ bytes }) => externalNames(bytes),
  },
  keras: {
    is: ({ bytes }) => isZip(bytes) || isHDF5(bytes),
    read: ({ bytes }, options) => fromKeras(bytes, options),
    options: ['activation', 'config'],
  },
  tfjs: {
    is: ({ json }) => has(json, 'modelTopology') || (has(json, 'weightsManifest') && has(json, 'format')),
    read: ({ json = {} }, options, files) => fromTensorFlowJS(json, files, options),
    beside: ({ json }) => fileNames(json?.weightsManifest),
    options: ['meta'],
  },
  brain: {
    is: ({ json }) =>
      has(json, 'layers') && (has(json, 'sizes') || has(json, 'trainOpts') || has(json, 'type')),
    read: ({ json }, options) => fromBrain(json, options),
    options: ['slope'],
  },
  synaptic: {
    is: ({ json }) => has(json, 'neurons') && has(json, 'connections'),
    read: ({ json }, options) => fromSynaptic(json, options),
  },
  convnetjs: {
    is: ({ json }) => Array.isArray(json?.layers) && has(json.layers[0], 'layer_type'),
    read: ({ json }, options) => fromConvNetJS(json, options),
  },
  fann: {
    is: ({ text }) => text?.startsWith('FANN_') === true,
    read: ({ text = '' }, options) => fromFANN(text, options),
  },
}

/**
 * Recognises the file of another tool by its content, and reads it when it is asked to, with the files that belong to it.
 *
 * @returns undefined for a file of deltaprop, and for what is neither
 * @example
 * import { Network } from 'deltaprop'
 * import { openFile, toONNX } from 'deltaprop/interop'
 * const file = openFile(toONNX(new Network([2, 1])))
 * file?.format // onnx
 * file?.beside // []
 * file?.read().as(Network)
 */
export function openFile(bytes: Uint8Array): ForeignFile | undefined {
  const content = contentOf(bytes)
  const found = Object.entries(formats).find(([, { is }]) => is(content))
  if (found === undefined) return undefined
  const [format, { read, beside, options = [] }] = found
  return {
    format: format as ForeignFormat,
    get beside() {
      return beside?.(content) ?? []
    },
    read({ files = {}, ...given } = {}) {
      checkOptions(format, given, options)
      return read(content, given, files)
    },
  }
}

/** @throws RangeError for an option that says something about other files alone; the reader finds the rest */
function checkOptions(format: string, given: object, own: readonly string[]): void {
  const some = new Set<string>(Object.values(formats).flatMap(({ options = [] }) => options))
  const other = Object.entries(given).find(([name]) => some.has(name) && !own.includes(name))
  if (other !== undefined) throw rangeError(other[0], `none, as the file is one of ${format}`, show(other[1]))
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
export function fromFile(bytes: Uint8Array, options?: FileOptions): Converted {
  const file = openFile(bytes)
  if (file !== undefined) return file.read(options)
  throw rangeError('bytes', `a file of one of ${Object.keys(formats).join(', ')}`, 'another')
}

function contentOf(given: Uint8Array): Content {
  const bytes = checkBytes('bytes', given)
  // A text begins with a brace, or with the name of FANN; nothing else is decoded as a whole.
  const isText = /^\s*(\{|FANN_)/.test(new TextDecoder().decode(bytes.subarray(0, 100)))
  if (!isText) return { bytes, text: undefined, json: undefined }
  const text = new TextDecoder().decode(bytes)
  return { bytes, text, json: text.startsWith('FANN_') ? undefined : jsonOf(text) }
}

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const value = parseJSON('bytes', text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function has(value: unknown, name: string): boolean {
  return isRecord(value) && Object.hasOwn(value, name)
}

/** Whether it may be safetensors: a header in braces behind its length. */
function isTensors(bytes: Uint8Array): boolean {
  return bytes[LENGTH_BYTES] === 0x7b && dataOf(bytes).getBigUint64(0, true) <= bytes.length - LENGTH_BYTES
}

/** A safetensors file that deltaprop cannot read by itself. */
function isStateDict(bytes: Uint8Array): boolean {
  try {
    return !has(openTensors(bytes).header.get('__metadata__'), 'deltaprop')
  } catch {
    return false
  }
}
