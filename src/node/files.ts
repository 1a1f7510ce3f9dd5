/** Files in Node: their names, reading and writing them whole, and errors that name them. */
import * as files from 'node:fs/promises'
import * as names from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorDetails, errorText, typeError, type ErrorDetails } from '../base/argument-error.js'
import { show, tagOf } from '../base/check.js'
import { isError, messageOf } from '../base/thrown.js'
import { followLinks, replace } from '../platform/replace.js'

/** @throws TypeError unless it is a path, or a file: URL */
export function checkPath(path: unknown): string {
  if (typeof path === 'string' && path !== '') return path
  const url = tagOf(path) === 'URL' ? String(path) : undefined
  if (url?.startsWith('file:') === true) return fileURLToPath(url)
  const got = url ?? show(path)
  throw typeError('path', 'the name of a file, or a file: URL', got)
}

/** What one call reads at most: the system's limit is 2³¹ − 1. */
const CHUNK = 2 ** 30

/**
 * Reads a file after a check of its beginning and size, so that a large file of another kind is not read.
 *
 * @param headBytes how many bytes the beginning has, or all if the file has fewer
 * @param judge returns a reason not to read it, or undefined
 * @throws Error that names the file
 */
export async function readFile(
  path: string,
  headBytes: number,
  judge: (head: Uint8Array, size: number) => string | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  let objection: string | undefined
  try {
    const file = await files.open(path)
    try {
      const stats = await file.stat()
      if (stats.isDirectory()) throw new Error('a directory')
      if (!stats.isFile()) throw new Error('no file')
      objection = judge(await readTo(file, Math.min(headBytes, stats.size)), stats.size)
      if (objection === undefined) return await readTo(file, stats.size)
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw fileError(path, 'read', cause)
  }
  throw new Error(`${path}: ${objection}`)
}

/** The first bytes of a file. @throws Error if there are fewer */
async function readTo(file: files.FileHandle, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size)
  for (let read = 0; read < size;) {
    const { bytesRead } = await file.read(bytes, read, Math.min(CHUNK, size - read), read)
    if (bytesRead === 0) throw new Error(`${read} of ${size} bytes`)
    read += bytesRead
  }
  return bytes
}

/**
 * Writes a file as a whole or not at all, see replace. Symbolic links stay links, whether their file exists or not; a
 * pipe or a device is written to directly.
 *
 * @param name of the file, in messages
 * @throws Error that names the file
 */
export async function writeFile(path: string, content: Uint8Array | string, name = path): Promise<void> {
  try {
    const found = await files.stat(path).catch(() => undefined)
    if (found !== undefined && !found.isFile()) {
      await files.writeFile(path, content)
      return
    }
    await replace(files, await followLinks(files, names, path), content)
  } catch (cause) {
    throw fileError(name, 'written', cause)
  }
}

/** An error whose message begins with the name of a file or an option. */
export class NamedError extends Error {
  constructor(name: string, cause: unknown, message = contentMessage(cause)) {
    super(`${name}: ${message}`, { cause })
  }
}

/** Arguments that hold a whole file, whose name says more. */
const contents: readonly (string | undefined)[] = ['source', 'data', 'bytes', 'json']

/** The details of an error, without the name of its argument if that holds a whole file. */
export function contentDetails(error: unknown): ErrorDetails | undefined {
  const details = errorDetails(error)
  return contents.includes(details?.path) ? details && { ...details, path: undefined } : details
}

function contentMessage(error: unknown): string {
  const details = contentDetails(error)
  return details === undefined ? messageOf(error) : errorText(details)
}

/**
 * The error for a file that the system will not read or write.
 *
 * @param file its name, as messages show it
 */
export function fileError(file: string, use: 'read' | 'written', cause: unknown): NamedError {
  return new NamedError(file, cause, `expected a file that can be ${use}, got ${reason(cause)}`)
}

/** The system's reason: `no such file or directory`. */
function reason(error: unknown): string {
  if (isError(error) && 'code' in error && error.code === 'EISDIR') return 'a directory'
  const message = messageOf(error)
  // eslint-disable-next-line no-restricted-syntax -- of the system, which has no details: `ENOENT: no such file or directory, open 'x'`
  return /^[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message
}
