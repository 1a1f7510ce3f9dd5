/** The samples of a worker's own shards, from modules. */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FitData } from 'deltaprop'
import { checkName } from './names.js'
import type { HeldShards } from './shard-kind.js'
import { messageOf } from './thrown.js'

/**
 * Options of the command, each `name=file`.
 *
 * @throws RangeError that names one that is none
 */
export function shardOption(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1 || at === text.length - 1) {
    throw new RangeError(
      `expected a name and a file, as in patients=patients.js, got ${JSON.stringify(text)}`,
    )
  }
  const name = text.slice(0, at)
  checkName(name)
  if (Object.hasOwn(before, name)) throw new RangeError(`expected one file for shard ${name}, got two`)
  return { ...before, [name]: text.slice(at + 1) }
}

/**
 * @param files the module of each, whose default export is samples { x, y, weights }, or a function that returns them
 * @throws Error that names a shard and what is wrong with its module
 */
export async function readShards(files: Readonly<Record<string, string>>): Promise<HeldShards> {
  const held: Record<string, FitData> = {}
  for (const [name, file] of Object.entries(files)) {
    try {
      const module = (await import(pathToFileURL(resolve(file)).href)) as { readonly default?: unknown }
      const made: unknown = module.default
      const data: unknown = typeof made === 'function' ? await (made as () => unknown)() : made
      if (typeof data !== 'object' || data === null || !('x' in data && 'y' in data)) {
        throw new TypeError(
          'expected a default export of samples { x, y }, or of a function that returns them',
        )
      }
      Object.defineProperty(held, name, { value: data, enumerable: true })
    } catch (error) {
      throw new Error(`shard ${name}: ${messageOf(error)}`, {
        cause: error,
      })
    }
  }
  return held
}
