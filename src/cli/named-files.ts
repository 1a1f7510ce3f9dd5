/** Checks the files given to a command, so that errors appear before the work rather than after it. */
import { rangeError } from '../base/argument-error.js'
import { fstat } from 'node:fs'
import * as files from 'node:fs/promises'
import * as names from 'node:path'
import { promisify } from 'node:util'
import { followLinks, locationKey } from '../platform/replace.js'
import { showFile, STDIN } from './files.js'

/** How the command line refers to a file, such as `--out` or `the data`, and its path. */
export type NamedFile = readonly [name: string, path: string]

/** The files that options name, of those that are given. */
export function writtenFiles(options: Readonly<Record<string, string | undefined>>): NamedFile[] {
  return Object.entries(options).flatMap(([option, path]) => (path === undefined ? [] : [[option, path]]))
}

/** Streams that the shell may have redirected to a file. */
const outputs = { 'standard output': 1, 'standard error': 2 }

/**
 * Checks that nothing a command writes, including standard output, is also something else that it writes or reads:
 * under any name, through links, and whether or not the file exists yet. Opens nothing.
 *
 * @param read files, which must differ from each other too
 * @param written files
 * @throws RangeError that names the option, if its value is not a file name, or names another of the files; Error that
 *   names a file that cannot be written
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

/** @param description of the file, for errors about other files */
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
  // Training cannot resume from anything but a regular file.
  if (option === '--checkpoint' && found?.isFile() === false) {
    throw new Error(`${showFile(path)}: expected a file that can be written, got a pipe or a device`)
  }
  try {
    const isOther = found !== undefined && !found.isFile()
    await files.access(isOther ? path : (await followLinks(files, names, path)).folder, files.constants.W_OK)
  } catch (cause) {
    throw new Error(`${showFile(path)}: expected a file in a folder that can be written`, { cause })
  }
}

/** The properties of a file that are used here. */
interface Stats {
  readonly dev: bigint
  readonly ino: bigint
  isCharacterDevice(): boolean
  isSocket(): boolean
}

/**
 * An identity shared by all names of one file, whether or not it exists; undefined if it cannot conflict, such as a
 * device, or cannot be determined.
 */
async function identityOf(path: string): Promise<string | undefined> {
  if (path === STDIN) return (await identityOfOpen(0)) ?? STDIN
  const found = await files.stat(path, { bigint: true }).catch(() => undefined)
  if (found !== undefined) return identityOfStats(found)
  try {
    return await locationKey(files, await followLinks(files, names, path))
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
