/** Files that a command is to write: what is wrong with one is better known before the work than after it. */
import { access, constants, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { showFile, STDIN } from './files.js'

/** An option that names a file, and the file. */
export type Destination = readonly [option: string, path: string]

/**
 * @param data the file that is read
 * @throws RangeError that names the option, if it is no name, or that of another file; Error that names a file that cannot be written
 */
export async function checkDestinations(data: string, destinations: readonly Destination[]): Promise<void> {
  const known = new Map<string, string>()
  if (data !== STDIN) known.set(await identityOf(data), 'the data')
  for (const [option, path] of destinations) {
    if (path === '' || path === STDIN) {
      throw new RangeError(`${option}: expected the name of a file, got ${JSON.stringify(path)}`)
    }
    await checkDestination(path)
    const identity = await identityOf(path)
    const other = known.get(identity)
    if (other !== undefined) {
      throw new RangeError(`${option}: expected another file than ${other}, got ${showFile(path)}`)
    }
    known.set(identity, `that of ${option}`)
  }
}

async function checkDestination(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() === true) {
    throw new Error(`${showFile(path)}: expected a file that can be written, got a directory`)
  }
  try {
    // With a slash at the end a file is no folder.
    await access(`${dirname(path)}/`, constants.W_OK)
  } catch (cause) {
    throw new Error(`${showFile(path)}: expected a file in a folder that can be written`, { cause })
  }
}

/** The same for names of one file, through links too; names of what is no file, such as devices, are their own. */
async function identityOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() === true ? `${found.dev}:${found.ino}` : resolve(path)
}
