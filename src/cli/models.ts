/** Reads models and networks from files: safetensors, JSON, or those of other tools. */
import { rangeError } from '../base/argument-error.js'
import { baseline } from '../engine/baseline/index.js'
import { Network, type ReadOptions } from '../index.js'
import { Model } from '../model/index.js'
import { openJSON, type JSONFile } from '../formats/json-file.js'
import { readProgress } from '../formats/saved-training.js'
import { openSafetensors, type SafetensorsFile } from '../formats/safetensors-file.js'
import type { Progress } from '../state/saved.js'
import type { FileOptions } from '../interop/index.js'
import { convertedFile } from '../node/foreign.js'
import { formatOf, parseJSONBytes, type Format } from '../node/format.js'
import type { Loadable } from '../node/load.js'
import { inFile, readWhole } from './files.js'

/** A file that has been parsed: its description of a network, and what reads the rest of it. */
interface Opened {
  readonly head: Pick<JSONFile | SafetensorsFile, 'metadata' | 'options' | 'progress'>
  readonly read: <T>(Kind: Loadable<T>, options: ReadOptions) => T
}

const openers: Readonly<Record<Format, (bytes: Uint8Array) => Opened>> = {
  json(bytes) {
    const json = parseJSONBytes(bytes)
    return { head: openJSON(json), read: (Kind, options) => Kind.fromJSON(json, options) }
  },
  safetensors: (bytes) => ({
    head: openSafetensors(bytes),
    read: (Kind, options) => Kind.fromBytes(bytes, options),
  }),
}

/** @throws RangeError if the first bytes are not those of a model; as the readers of the file */
function openModel(bytes: Uint8Array): Opened {
  const format = formatOf(bytes)
  if (format === undefined)
    throw rangeError({}, 'a model: safetensors, JSON, or a file of another tool', 'something else')
  return openers[format](bytes)
}

/** @param options only the engine is used; the one the network was saved with unless given */
function readAs<T>(Kind: Loadable<T>, { head, read }: Opened, options: ReadOptions): T {
  const saved = head.options.engine === 'baseline' ? baseline : 'wasm'
  return read(Kind, { engine: options.engine ?? saved })
}

/** The bytes of a file in our own format, and what was done to it if another tool wrote it. */
interface OwnFile {
  readonly bytes: Uint8Array
  /** undefined if deltaprop wrote it */
  readonly notes: readonly string[] | undefined
}

/** @throws Error that names the file */
async function readOwn(path: string, convert?: FileOptions): Promise<OwnFile> {
  const bytes = await readWhole(path)
  const converted = await inFile(path, () => convertedFile(path, bytes, convert))
  return converted ?? { bytes, notes: undefined }
}

/** @throws Error that names the file */
export async function readModel(path: string, options: ReadOptions): Promise<Model> {
  const { bytes } = await readOwn(path)
  return await inFile(path, () => readAs(Model, openModel(bytes), options))
}

/** The content of a file: a model, or a network alone; and the state of its training. */
export interface Inspected {
  readonly network: Network
  readonly model: Model | undefined
  readonly progress: Progress
  readonly bytes: number
  /** what was folded, changed or lost, if another tool wrote it; undefined otherwise */
  readonly notes: readonly string[] | undefined
}

/**
 * @param convert what the file of another tool does not say
 * @throws Error that names the file
 */
export async function inspectFile(
  path: string,
  options: ReadOptions,
  convert?: FileOptions,
): Promise<Inspected> {
  const { bytes, notes } = await readOwn(path, convert)
  return await inFile(path, () => {
    const opened = openModel(bytes)
    const { progress, metadata } = opened.head
    const model = Object.hasOwn(metadata, 'preprocessing') ? readAs(Model, opened, options) : undefined
    const network = model?.network ?? readAs(Network, opened, options)
    return { network, model, progress: readProgress('progress', progress), bytes: bytes.length, notes }
  })
}

/** A network's description, without the enclosing name. */
export function describeNetwork(network: Network): string {
  return String(network).replace(/^Network\((.*)\)$/, '$1')
}
