import { typeError } from '../base/argument-error.js'
import { show } from '../base/check.js'
import { checkPath, writeFile } from './files.js'
import { formatOfName, type Format } from './format.js'

/** What save writes: a Network, a Model, or anything else that has its own bytes. */
export interface Saveable {
  /** for all other files */
  toBytes(): Uint8Array
  /** for files that end in .json */
  toJSON?(): unknown
}

/**
 * Writes a network or a model into a file: safetensors, or, if its name ends in .json, JSON that people can read; both
 * bit-exact. It writes `saved` as it is at the time of the call: into a temporary file in the same folder, which is
 * synchronised and then renamed. Whatever happens, the path holds the whole new file or the whole old one, with the
 * permissions of the old one. A symbolic link stays a link, even if its file does not exist yet; a pipe or a device is
 * written to directly.
 *
 * @param path the name of the file, or a file: URL
 * @param saved what has toBytes(), and for JSON toJSON()
 * @throws TypeError that names the argument; Error that names the file, if it cannot be written: its cause is the
 *   system's
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
  return typeError('saved', `a Network, a Model or another object with ${method}`, show(saved))
}

/**
 * JSON for people: indented, except that an innermost array or object, such as a row of weights, is one line.
 *
 * @param value as JSON.parse gives it
 */
export function readableJSON(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null || isFlat(value)) return JSON.stringify(value)
  const inner = `${indent}  `
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const entries = Array.isArray(value)
    ? value.map((entry) => readableJSON(entry, inner))
    : Object.entries(value).map(([name, entry]) => `${JSON.stringify(name)}: ${readableJSON(entry, inner)}`)
  return `${open}\n${entries.map((entry) => inner + entry).join(',\n')}\n${indent}${close}`
}

/** Whether it contains no array or object. */
function isFlat(value: object): boolean {
  return Object.values(value).every((entry) => typeof entry !== 'object' || entry === null)
}
