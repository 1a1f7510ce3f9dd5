import * as files from 'node:fs/promises'
import * as names from 'node:path'
import { fileError } from './file-errors.js'
import { placeOf, replace } from '../platform/replace.js'

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
    await replace(files, await placeOf(files, names, path), content)
  } catch (cause) {
    throw fileError(name, 'written', cause)
  }
}
