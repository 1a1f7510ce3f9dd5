import { open, type FileHandle } from 'node:fs/promises'
import { fileError } from './file-errors.js'

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
    const file = await open(path)
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
async function readTo(file: FileHandle, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size)
  for (let read = 0; read < size;) {
    const { bytesRead } = await file.read(bytes, read, Math.min(CHUNK, size - read), read)
    if (bytesRead === 0) throw new Error(`${read} of ${size} bytes`)
    read += bytesRead
  }
  return bytes
}
