import { rangeError, typeError } from '../base/argument-error.js'
import { constants } from 'node:buffer'
import { show } from '../base/check.js'
import { Network, type ReadOptions } from '../index.js'
import { checkPath, NamedError, readFile } from './files.js'
import type { FileOptions } from '../interop/index.js'
import { convertedFile } from './foreign.js'
import { FORMAT_BYTES, formatOf, formatOfName, isForeign, parseJSONBytes, type Format } from './format.js'

/** Options of load: those of fromBytes and fromJSON, and what a file of another tool does not say. */
export interface LoadOptions extends ReadOptions {
  /** as fromFile of deltaprop/interop takes them: { activation: 'relu', output: 'softmax' } for a state_dict */
  readonly convert?: FileOptions
}

/** What load makes: Network, Model, or another class that reads the same formats. */
export interface Loadable<T> {
  /** of safetensors */
  fromBytes(bytes: Uint8Array, options?: ReadOptions): T
  /** of what JSON.parse gives */
  fromJSON(json: unknown, options?: ReadOptions): T
}

/**
 * The largest files that are read. Safetensors: twice what one WebAssembly memory holds, since a checkpoint may have
 * parameters and optimiser state of the best epoch as well as of the last.
 */
const LIMITS: Readonly<Record<Format | 'another tool', number>> = {
  'another tool': 2 ** 31,
  json: constants.MAX_STRING_LENGTH,
  safetensors: Math.min(constants.MAX_LENGTH, 2 ** 33),
}

/** What a class makes of the bytes of a file. */
const readers: Readonly<
  Record<Format, <T>(kind: Loadable<T>, bytes: Uint8Array, options?: ReadOptions) => T>
> = {
  json: (kind, bytes, options) => kind.fromJSON(parseJSONBytes(bytes), options),
  safetensors: (kind, bytes, options) => kind.fromBytes(bytes, options),
}

/**
 * Reads a network from a file: safetensors, as save, toBytes or the command line wrote it, or JSON; by its content, or
 * if its name ends in .json; or a file of another tool, as fromFile of deltaprop/interop does, with the files of weights
 * that lie beside it. From the file of a model, or from a checkpoint, it takes the network. The beginning and the size
 * are checked before the rest of the file is read.
 *
 * @param path the name of the file, or a file: URL
 * @throws TypeError that names the argument; Error that names the file: its cause is the system's, or that of fromBytes
 *   or fromJSON
 * @example
 * import { load, save } from 'deltaprop/node'
 * import { Model } from 'deltaprop/model'
 * const rows = [{ size: 1, price: 2 }, { size: 2, price: 4 }]
 * await save('prices.json', Model.create(rows, { target: 'price', hidden: [4] }))
 * const model = await load('prices.json', Model)
 * model.predict({ size: 1.5 })
 */
export async function load(path: string | URL): Promise<Network>
/**
 * Reads a file with another class than Network.
 *
 * @param kind such as Model of deltaprop/model
 * @param options what its fromBytes and fromJSON take: the engine, { engine: baseline } of
 *   deltaprop/baseline where WebAssembly SIMD is missing; and `convert`, for a file of another tool
 */
export async function load<T>(path: string | URL, kind: Loadable<T>, options?: LoadOptions): Promise<T>
export async function load(
  path: string | URL,
  kind: Loadable<unknown> = Network,
  options?: LoadOptions,
): Promise<unknown> {
  const file = checkPath(path)
  if (!isLoadable(kind)) {
    throw typeError('kind', 'Network, or a class with fromBytes and fromJSON', show(kind))
  }
  const isNamedJSON = formatOfName(file) === 'json'
  const formatIn = (head: Uint8Array): Format | undefined => (isNamedJSON ? 'json' : formatOf(head))
  const bytes = await readFile(file, FORMAT_BYTES, (head, size) => {
    const format = formatIn(head) ?? (isForeign(head) ? 'another tool' : undefined)
    if (format === undefined)
      return 'expected safetensors, JSON, or a model of another tool, got something else'
    const limit = LIMITS[format]
    return size > limit ? `expected at most ${limit} bytes of ${format}, got ${size}` : undefined
  })
  const { convert, ...readOptions } = options ?? {}
  try {
    const foreign = await convertedFile(file, bytes, convert)
    if (foreign !== undefined) return foreign.as(kind, readOptions)
    if (convert !== undefined)
      throw rangeError('convert', 'none, as it is a file of deltaprop', show(convert))
    return readers[formatIn(bytes) ?? 'safetensors'](
      kind,
      bytes,
      options === undefined ? undefined : readOptions,
    )
  } catch (cause) {
    throw cause instanceof NamedError ? cause : new NamedError(file, cause)
  }
}

function isLoadable(kind: unknown): boolean {
  return typeof kind === 'function' && 'fromBytes' in kind && 'fromJSON' in kind
}
