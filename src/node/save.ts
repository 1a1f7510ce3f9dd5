import { show } from '../check.js'
import { formatOfName, type Format } from './format.js'
import { checkPath } from './path.js'
import { readableJSON } from './readable-json.js'
import { writeFile } from './write-file.js'

/** What save writes: a Network, a Model, or anything else that has its own bytes. */
export interface Saveable {
  /** for all other files */
  toBytes(): Uint8Array
  /** for files that end in .json */
  toJSON?(): unknown
}

/**
 * Writes a network or a model into a file: safetensors, or, if its name ends in .json, JSON that people can read; both bit-exact.
 * What is written is what `saved` is when this is called. It is written beside its place, synchronised and renamed, so that the file is
 * the new one or the old one as a whole, whatever happens, and is read by nobody who might not read the old one. A link stays a
 * link, whether its file is there or not, and permissions stay as they were; what is no file, such as a pipe, is written to.
 *
 * @param path the name of the file, or a file: URL
 * @param saved what has toBytes(), and for JSON toJSON()
 * @throws TypeError that names the argument; Error that names the file, if it cannot be written: its cause is the system's
 * @example
 * import { load, Network, save } from 'deltaprop/node'
 * const net = new Network([2, 8, 1], { activation: 'tanh', seed: 1 })
 * await save('xor.safetensors', net)
 * const same = await load('xor.safetensors')
 * same.predict([1, 0]) // as net.predict([1, 0])
 */
export async function save(path: string | URL, saved: Saveable): Promise<void> {
  const file = checkPath(path)
  await writeFile(file, writers[formatOfName(file)](saved))
}

const writers: Readonly<Record<Format, (saved: Saveable) => string | Uint8Array>> = {
  json: jsonOf,
  safetensors: bytesOf,
}

function bytesOf(saved: Saveable): Uint8Array {
  if (!has(saved, 'toBytes')) throw unsaveable('toBytes', saved)
  return saved.toBytes()
}

function jsonOf(saved: Saveable): string {
  if (!has(saved, 'toJSON')) throw unsaveable('toJSON', saved)
  return `${readableJSON(JSON.parse(JSON.stringify(saved)))}\n`
}

function has(value: unknown, method: string): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    method in value &&
    typeof (value as Record<string, unknown>)[method] === 'function'
  )
}

function unsaveable(method: string, saved: unknown): TypeError {
  return new TypeError(
    `saved: expected a Network, a Model or another object with ${method}, got ${show(saved)}`,
  )
}
