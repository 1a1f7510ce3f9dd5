/** Files by name: read as a stream, or whole; written so that there is never half of one. */
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { printable } from './terminal.js'

/** The name of standard input. */
export const STDIN = '-'

/** A file as messages name it. */
export function showFile(path: string): string {
  return path === STDIN ? 'standard input' : printable(path, 200)
}

/** The chunks of a file, or of standard input. @throws Error that names the file */
export async function* chunksOf(path: string): AsyncGenerator<Uint8Array, void, void> {
  const stream = path === STDIN ? process.stdin : createReadStream(path)
  try {
    for await (const chunk of stream) yield chunk as Uint8Array
  } catch (error) {
    throw isSystemError(error) ? unreadable(path, error) : error
  }
}

/** Whether there is such a file. */
export async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}

/** @throws Error that names the file */
export async function readWhole(path: string): Promise<Uint8Array> {
  if (path === STDIN) {
    const chunks: Uint8Array[] = []
    for await (const chunk of chunksOf(path)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
  try {
    return await readFile(path)
  } catch (error) {
    throw unreadable(path, error)
  }
}

/**
 * Writes a file beside its place, has the disk take it, and puts it there in one step: whatever happens, the path holds the whole
 * new file, or what it held before. Links stay links; what is no file, such as a pipe, is written to.
 *
 * @throws Error that names the file
 */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  try {
    const found = await stat(path).catch(() => undefined)
    if (found !== undefined && !found.isFile()) await writeFile(path, content)
    else await replace(found === undefined ? path : await realpath(path), content)
  } catch (error) {
    throw new Error(`${showFile(path)}: expected a file that can be written, got ${reason(error)}`, {
      cause: error,
    })
  }
}

async function replace(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await open(temporary, 'wx')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Runs what reads a file, and has what it throws begin with the file's name. */
export async function inFile<T>(path: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    throw error instanceof NamedError ? error : new NamedError(showFile(path), error)
  }
}

/** An error whose message begins with the name of a file or an option, which says more than that of an argument. */
export class NamedError extends Error {
  constructor(name: string, cause: unknown, message = messageOf(cause)) {
    super(`${name}: ${message.replace(/^(source|data|bytes|json): /, '')}`, { cause })
  }
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function unreadable(path: string, error: unknown): NamedError {
  return new NamedError(showFile(path), error, `expected a file that can be read, got ${reason(error)}`)
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && 'syscall' in error
}

/** What the system says: `no such file or directory`. */
function reason(error: unknown): string {
  const message = messageOf(error)
  if (message.startsWith('EISDIR')) return 'a directory'
  return /^[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message
}
