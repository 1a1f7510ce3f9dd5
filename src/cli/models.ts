/** Models and networks in files: safetensors, or JSON. */
import { Network } from '../index.js'
import { Model } from '../model/index.js'
import type { ModelColumn } from '../model/column.js'
import type { Kind } from '../data/index.js'
import { readJSON } from '../formats/json.js'
import { readSafetensors } from '../formats/safetensors.js'
import type { Progress } from '../formats/saved.js'
import { inFile, readWhole } from './files.js'

const BRACE = 0x7b

/** JSON begins with a brace; safetensors with the length of its header, a multiple of 8. */
function isJSON(bytes: Uint8Array): boolean {
  return bytes.at(0) === BRACE
}

/** @throws Error that names the file */
export async function readModel(path: string): Promise<Model> {
  const bytes = await readWhole(path)
  return await inFile(path, () => (isJSON(bytes) ? Model.fromJSON(parse(bytes)) : Model.fromBytes(bytes)))
}

/** What a file holds: a model, or a network alone; and where its training stands. */
export interface Inspected {
  readonly network: Network
  readonly model: Model | undefined
  readonly progress: Progress
  readonly bytes: number
}

/** @throws Error that names the file */
export async function inspectFile(path: string): Promise<Inspected> {
  const bytes = await readWhole(path)
  return await inFile(path, () => {
    const json = isJSON(bytes) ? parse(bytes) : undefined
    const { progress, metadata } = json === undefined ? readSafetensors(bytes) : readJSON(json)
    const isModel = Object.hasOwn(metadata, 'preprocessing')
    const Kind = isModel ? Model : Network
    const found = json === undefined ? Kind.fromBytes(bytes) : Kind.fromJSON(json)
    const model = found instanceof Model ? found : undefined
    const network = found instanceof Model ? found.network : found
    return { network, model, progress, bytes: bytes.length }
  })
}

/** What a network is, without its name around it. */
export function describeNetwork(network: Network): string {
  return String(network).replace(/^Network\((.*)\)$/, '$1')
}

/** What the columns of a data file are to a model, by name. */
export function kindsOf(...columns: readonly (readonly ModelColumn[])[]): Map<string, Kind> {
  return new Map(columns.flat().map(({ name, kind }) => [name, kind]))
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw new RangeError('expected JSON, got something else: cut off, or another format', { cause })
  }
}
