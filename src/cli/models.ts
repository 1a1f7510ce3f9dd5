/** Reads models and networks from files: safetensors, or JSON. */
import { rangeError } from '../base/argument-error.js'
import { baseline } from '../engine/baseline/index.js'
import { Network, type ReadOptions } from '../index.js'
import { Model } from '../model/index.js'
import { isCategorical, isLabel, type ModelColumn } from '../model/column.js'
import { openJSON } from '../formats/json-file.js'
import { readProgress } from '../formats/progress.js'
import { openSafetensors } from '../formats/safetensors-file.js'
import type { Progress } from '../state/saved.js'
import { formatOf, parseJSON, type Format } from '../node/format.js'
import { readers, type Loadable } from '../node/load.js'
import { inFile, readWhole } from './files.js'
import type { RowOptions } from './rows.js'

/** The format of a model file, by its first bytes. @throws RangeError if it cannot be a model */
function formatIn(bytes: Uint8Array): Format {
  const format = formatOf(bytes)
  if (format !== undefined) return format
  throw rangeError({}, 'a model, in safetensors or JSON', 'something else')
}

/** @param options only the engine is used; the one the network was saved with unless given */
function read<T>(Kind: Loadable<T>, bytes: Uint8Array, options: ReadOptions): T {
  const { engine = savedEngine(bytes) } = options
  return readers[formatIn(bytes)](Kind, bytes, { engine })
}

/** Readers for a network's description, without its parameters. */
const heads = {
  json: (bytes: Uint8Array) => openJSON(parseJSON(bytes)),
  safetensors: openSafetensors,
} as const satisfies Readonly<Record<Format, unknown>>

/** The engine that a network was saved with. @throws as the readers of the file */
function savedEngine(bytes: Uint8Array): ReadOptions['engine'] {
  return heads[formatIn(bytes)](bytes).options.engine === 'baseline' ? baseline : 'wasm'
}

/** @throws Error that names the file */
export async function readModel(path: string, options: ReadOptions): Promise<Model> {
  const bytes = await readWhole(path)
  return await inFile(path, () => read(Model, bytes, options))
}

/** The content of a file: a model, or a network alone; and the state of its training. */
export interface Inspected {
  readonly network: Network
  readonly model: Model | undefined
  readonly progress: Progress
  readonly bytes: number
}

/** @throws Error that names the file */
export async function inspectFile(path: string, options: ReadOptions): Promise<Inspected> {
  const bytes = await readWhole(path)
  return await inFile(path, () => {
    const { progress, metadata } = heads[formatIn(bytes)](bytes)
    const model = Object.hasOwn(metadata, 'preprocessing') ? read(Model, bytes, options) : undefined
    const network = model?.network ?? read(Network, bytes, options)
    return { network, model, progress: readProgress('progress', progress), bytes: bytes.length }
  })
}

/** A network's description, without the enclosing name. */
export function describeNetwork(network: Network): string {
  return String(network).replace(/^Network\((.*)\)$/, '$1')
}

/** How to read the data columns that a model knows; the others are not read. */
export function columnsOf(
  ...known: readonly (readonly ModelColumn[])[]
): Pick<RowOptions, 'columns' | 'kinds'> {
  const columns = new Map(known.flat().map((column) => [column.name, column]))
  return {
    columns: (names) => names.filter((name) => columns.has(name)),
    kinds(name) {
      const column = columns.get(name)
      return column !== undefined && isNumber(column) ? 'number' : 'text'
    },
  }
}

/** Whether a value read from a file stands for a missing one; an empty text is a category if the model knows it. */
export function isMissing(column: ModelColumn, value: unknown): boolean {
  if (value === '') return !(isCategorical(column) && column.categories.includes(''))
  return value === null || Number.isNaN(value)
}

function isNumber(column: ModelColumn): boolean {
  return isLabel(column) ? typeof column.labels[0] === 'number' : column.kind === 'number'
}
