/** The files that a command is given: what is wrong with one is better known before the work than after it. */
import { rangeError } from '../base/argument-error.js'
import { fstat } from 'node:fs'
import * as files from 'node:fs/promises'
import * as names from 'node:path'
import { promisify } from 'node:util'
import { identityOfPlace, placeOf } from '../platform/replace.js'
import { showFile, STDIN } from './files.js'

/** What names a file on the command line, `--out`, `the data`, and the file. */
export type NamedFile = readonly [name: string, path: string]

/** What the shell may have given a file to. */
const outputs = { 'standard output': 1, 'standard error': 2 }

/**
 * Nothing that a command writes, its standard output too, is something else that it writes or reads: by whatever names, through links,
 * and whether it is there yet or not. Nothing is opened.
 *
 * @param read files, of which no two are one either
 * @param written files
 * @throws RangeError that names the option, if it is no name, or that of another file; Error that names a file that cannot be written
 */
export async function checkFiles(
  read: readonly NamedFile[],
  written: readonly NamedFile[] = [],
): Promise<void> {
  const known = new Map<string, string>()
  for (const [name, path] of read) addFile(known, name, path, name, await identityOf(path))
  for (const [option, path] of written) {
    if (path === '' || path === STDIN) {
      throw rangeError(option, 'the name of a file', JSON.stringify(path))
    }
    await checkDestination(option, path)
    addFile(known, option, path, `that of ${option}`, await identityOf(path))
  }
  for (const [name, descriptor] of Object.entries(outputs)) {
    const other = known.get((await identityOfOpen(descriptor)) ?? '')
    if (other !== undefined) throw rangeError(name, `another file than ${other}`)
  }
}

/** @param description of the file, for the others */
function addFile(
  known: Map<string, string>,
  name: string,
  path: string,
  description: string,
  identity: string | undefined,
): void {
  if (identity === undefined) return
  const other = known.get(identity)
  if (other !== undefined) {
    throw rangeError(name, `another file than ${other}`, showFile(path))
  }
  known.set(identity, description)
}

async function checkDestination(option: string, path: string): Promise<void> {
  const found = await files.stat(path).catch(() => undefined)
  if (found?.isDirectory() === true) {
    throw new Error(`${showFile(path)}: expected a file that can be written, got a directory`)
  }
  // What is no file has nothing to go on from.
  if (option === '--checkpoint' && found?.isFile() === false) {
    throw new Error(`${showFile(path)}: expected a file that can be written, got a pipe or a device`)
  }
  try {
    const isOther = found !== undefined && !found.isFile()
    await files.access(isOther ? path : (await placeOf(files, names, path)).folder, files.constants.W_OK)
  } catch (cause) {
    throw new Error(`${showFile(path)}: expected a file in a folder that can be written`, { cause })
  }
}

/** What is known of a file, as far as it is used here. */
interface Stats {
  readonly dev: bigint
  readonly ino: bigint
  isCharacterDevice(): boolean
  isSocket(): boolean
}

/** The same for all names of one file, there or not; undefined for what cannot be mistaken, such as devices, or is not to be found. */
async function identityOf(path: string): Promise<string | undefined> {
  if (path === STDIN) return (await identityOfOpen(0)) ?? STDIN
  const found = await files.stat(path, { bigint: true }).catch(() => undefined)
  if (found !== undefined) return identityOfStats(found)
  try {
    return await identityOfPlace(files, await placeOf(files, names, path))
  } catch {
    return undefined
  }
}

const statsOfOpen: (descriptor: number, options: { bigint: true }) => Promise<Stats> = promisify(fstat)

async function identityOfOpen(descriptor: number): Promise<string | undefined> {
  const found = await statsOfOpen(descriptor, { bigint: true }).catch(() => undefined)
  return found && identityOfStats(found)
}

function identityOfStats(found: Stats): string | undefined {
  return found.isCharacterDevice() || found.isSocket() ? undefined : `${found.dev} ${found.ino}`
}
