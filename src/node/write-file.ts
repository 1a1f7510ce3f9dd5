import { randomBytes } from 'node:crypto'
import * as files from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileError } from './file-errors.js'
import { replace } from './replace.js'

/**
 * Writes a file as a whole or not at all, see replace. Links to files stay links; what is no file, such as a pipe, is written to.
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
    const target = found === undefined ? path : await files.realpath(path)
    const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`
    await replace(files, { path: target, temporary, folder: dirname(target) }, content)
  } catch (cause) {
    throw fileError(name, 'written', cause)
  }
}
