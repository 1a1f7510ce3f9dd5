import { dirname, join } from 'node:path'
import { rangeError } from '../base/argument-error.js'
import { show } from '../base/check.js'
import type { Converted, FileOptions } from '../interop/index.js'
import { NamedError, readFile } from './files.js'
import { isOwn } from './format.js'

/** The largest file that may lie beside one of another tool. */
const LIMIT = 2 ** 31

/**
 * What a file of another tool says; undefined for one of deltaprop, and for what is neither. Files that belong to it are
 * read from its folder, and from nowhere else.
 *
 * @throws as fromFile; NamedError for a file beside it
 */
export async function convertedFile(
  path: string,
  bytes: Uint8Array,
  options?: FileOptions,
): Promise<Converted | undefined> {
  if (isOwn(bytes)) return undefined
  // Who has files of deltaprop alone does not load the readers of others.
  const { openFile } = await import('../interop/index.js')
  const file = openFile(bytes)
  if (file === undefined) return undefined
  const files: Record<string, Uint8Array> = Object.create(null) as Record<string, Uint8Array>
  const given = options?.files ?? {}
  for (const name of file.beside) {
    if (!Object.hasOwn(given, name)) files[name] = await readBeside(path, name)
  }
  return file.read({ ...options, files: Object.assign(files, given) })
}

async function readBeside(path: string, name: string): Promise<Uint8Array> {
  if (name === '' || name === '.' || name === '..' || /[/\\\0:]/.test(name)) {
    throw new NamedError(path, rangeError({}, 'its weights in a file beside it', show(name)))
  }
  return await readFile(join(dirname(path), name), 0, (_, size) => {
    return size > LIMIT ? `expected at most ${LIMIT} bytes, got ${size}` : undefined
  })
}
