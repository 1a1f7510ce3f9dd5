/** Files by name: read as a stream or whole, and written atomically. */
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { contentDetails, fileError, NamedError, writeFile } from '../node/files.js'
import { isError } from '../base/thrown.js'
import { commandMessage, isRuntimeError } from './errors.js'
import { printable } from './terminal.js'

/** The name for standard input. */
export const STDIN = '-'

/** A file name as messages show it. */
export function showFile(path: string): string {
  if (path.trim() === '') return JSON.stringify(path)
  return path === STDIN ? 'standard input' : printable(path, 200)
}

/** The chunks of a file, or of standard input. @throws Error that names the file */
export async function* fileChunks(path: string): AsyncGenerator<Uint8Array, void, void> {
  const stream = path === STDIN ? process.stdin : createReadStream(path)
  try {
    for await (const chunk of stream) yield chunk as Uint8Array
  } catch (error) {
    throw isSystemError(error) ? fileError(showFile(path), 'read', error) : error
  }
}

/** Whether the file exists. */
export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}

/** @throws Error that names the file */
export async function readWhole(path: string): Promise<Uint8Array> {
  if (path === STDIN) {
    const chunks: Uint8Array[] = []
    for await (const chunk of fileChunks(path)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
  try {
    return await readFile(path)
  } catch (error) {
    throw fileError(showFile(path), 'read', error)
  }
}

/** Writes a file as a whole or not at all. @throws Error that names the file */
export function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  return writeFile(path, content, showFile(path))
}

/** Runs a function that reads a file, and prefixes its errors with the file's name if the file is to blame. */
export async function inFile<T>(path: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof NamedError || isRuntimeError(error)) throw error
    throw new NamedError(showFile(path), error, commandMessage(error, contentDetails(error)))
  }
}

function isSystemError(error: unknown): boolean {
  return isError(error) && 'code' in error && 'syscall' in error
}
