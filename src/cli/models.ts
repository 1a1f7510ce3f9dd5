/** Models and networks in files: safetensors, or JSON. */
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

/** What is in the file of a model, by its first bytes. @throws RangeError for what can be no model */
function formatIn(bytes: Uint8Array): Format {
  const format = formatOf(bytes)
  if (format !== undefined) return format
  throw rangeError({}, 'a model, in safetensors or JSON', 'something else')
}

/** @param options only the engine is used; the one that the network was saved with unless given */
function read<T>(Kind: Loadable<T>, bytes: Uint8Array, options: ReadOptions): T {
  const { engine = savedEngine(bytes) } = options
  return readers[formatIn(bytes)](Kind, bytes, { engine })
}

/** What a file says of a network before its parameters are read. */
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

/** What a file holds: a model, or a network alone; and where its training stands. */
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

/** What a network is, without its name around it. */
export function describeNetwork(network: Network): string {
  return String(network).replace(/^Network\((.*)\)$/, '$1')
}

/** How the columns of a data file that a model knows are read; the others are not. */
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

/** Whether a value that a file was read with stands for a missing one; an empty text is a category where the model knows it. */
export function isMissing(column: ModelColumn, value: unknown): boolean {
  if (value === '') return !(isCategorical(column) && column.categories.includes(''))
  return value === null || Number.isNaN(value)
}

function isNumber(column: ModelColumn): boolean {
  return isLabel(column) ? typeof column.labels[0] === 'number' : column.kind === 'number'
}
