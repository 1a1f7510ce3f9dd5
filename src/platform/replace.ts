/**
 * Replaces files atomically. The modules of Node are arguments: the main entry imports none of them, and has
 * checkpoints.
 */
import { nodeProcess } from './node-modules.js'

/** As much of node:fs/promises as is used here. */
export interface Files {
  stat(path: string, options: { bigint: true }): Promise<FileStats>
  realpath(path: string): Promise<string>
  readlink(path: string): Promise<string>
  open(path: string, flags: string, mode?: number): Promise<OpenFile>
  rename(from: string, to: string): Promise<void>
  rm(path: string, options: { force: boolean }): Promise<void>
}

/** As much of the stats of a file as is used here. */
export interface FileStats {
  readonly dev: bigint
  readonly ino: bigint
  readonly mode: bigint
  readonly size: bigint
  readonly mtimeNs: bigint
  isFile(): boolean
  isDirectory(): boolean
}

interface OpenFile {
  writeFile(content: Uint8Array | string): Promise<void>
  chmod(mode: number): Promise<void>
  sync(): Promise<void>
  close(): Promise<void>
}

/** As much of node:path as is used here. */
export interface Names {
  basename(path: string): string
  dirname(path: string): string
  isAbsolute(path: string): boolean
  join(...parts: string[]): string
}

/** Where a file is, or will be: not a link, in a folder that exists. */
export interface FileLocation {
  readonly folder: string
  readonly name: string
  readonly path: string
}

/** Who may read, write and run a file. */
const PERMISSIONS = 0o777n

/** Systems follow that many links. */
const MOST_LINKS = 40

/** Characters of a name that begin a temporary name: the longest names leave no room for more. */
const MOST_CHARACTERS = 32

/** The end of temporary names. */
const DIGITS = /^[0-9a-f]{12}\.deltaprop\.tmp$/

/** A temporary file that has not grown for so long is not being written any more. */
const LEFT_MS = 600_000

/**
 * Follows links to where a file is, whether it exists or not: what is written there leaves the links as they are.
 *
 * @throws as the system does; if the folder does not exist, too
 */
export async function followLinks(files: Files, names: Names, path: string): Promise<FileLocation> {
  for (let links = 0; ; ++links) {
    const found = await files.realpath(path).catch((error: unknown) => {
      if (!isAbsent(error) || path.endsWith('/') || links === MOST_LINKS) throw error
    })
    const whole = found ?? names.join(await files.realpath(names.dirname(path)), names.basename(path))
    const link = found ?? (await files.readlink(whole).catch(() => undefined))
    if (found !== undefined || link === undefined) {
      return { folder: names.dirname(whole), name: names.basename(whole), path: whole }
    }
    // Not join, which would resolve a .. that follows a link.
    path = names.isAbsolute(link) ? link : `${names.dirname(whole)}/${link}`
  }
}

/**
 * The same text for all names of one location, whether there is a file or not: two that differ only in case are one
 * name on macOS and Windows, where most file systems take them for one.
 */
export async function locationKey(
  files: Pick<Files, 'stat'>,
  { folder, name }: Pick<FileLocation, 'folder' | 'name'>,
): Promise<string> {
  const { dev, ino } = await files.stat(folder, { bigint: true })
  const isFolded = ['darwin', 'win32'].includes(nodeProcess()?.platform ?? '')
  return `${dev} ${ino} ${isFolded ? name.normalize('NFC').toLowerCase() : name}`
}

/**
 * Writes a temporary file in the same folder, flushes it to the disk, and renames it: whatever happens, the path holds
 * the whole new file, or what it held before. Permissions stay as they were.
 *
 * @param confirm is called before the rename, and prevents it by throwing
 * @returns the stats of the new file
 * @throws as the system does, or what confirm throws; the temporary file is deleted then
 */
export async function replace(
  files: Files,
  { folder, name, path }: FileLocation,
  content: Uint8Array | string,
  confirm?: () => Promise<void>,
): Promise<FileStats> {
  const before = await files.stat(path, { bigint: true }).catch(() => undefined)
  const mode = before && Number(before.mode & PERMISSIONS)
  const [temporary, file] = await openTemporary(files, folder, name, mode)
  let written: FileStats
  try {
    try {
      // open() applies the umask of the process. Not all file systems have permissions.
      if (mode !== undefined) await file.chmod(mode).catch(() => undefined)
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    // After closing: some file systems change the time until then.
    written = await files.stat(temporary, { bigint: true })
    await confirm?.()
    await files.rename(temporary, path)
  } catch (error) {
    await files.rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
  await syncFolder(files, folder)
  return written
}

/** Throws if no file can be written there. Leaves nothing behind. */
export async function tryToWrite(files: Files, { folder, name }: FileLocation): Promise<void> {
  const [temporary, file] = await openTemporary(files, folder, name)
  await file.close()
  await files.rm(temporary, { force: true })
}

/** Whether the system says that there is no such file. */
export function isAbsent(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ENOENT'
}

/** Those that can list a folder, too. */
export interface ListingFiles extends Files {
  readdir(path: string): Promise<string[]>
  lstat(path: string, options: { bigint: true }): Promise<FileStats>
}

/** Deletes temporary files of a file that processes have left which were killed: old ones with its temporary names. */
export async function clearLeft(files: ListingFiles, { folder, name }: FileLocation): Promise<void> {
  const start = startOf(name)
  const oldest = BigInt(Date.now() - LEFT_MS) * 1_000_000n
  for (const entry of await files.readdir(folder)) {
    if (!entry.startsWith(start) || !DIGITS.test(entry.slice(start.length))) continue
    const path = `${folder}/${entry}`
    const found = await files.lstat(path, { bigint: true })
    if (found.isFile() && found.mtimeNs < oldest) await files.rm(path, { force: true })
  }
}

/** The beginning of the temporary names of a file. */
function startOf(name: string): string {
  return `.${Array.from(name).slice(0, MOST_CHARACTERS).join('')}.`
}

/**
 * Creates a file `.name.12 digits.deltaprop.tmp`. It is always a new one: no existing file is opened, and no link
 * followed.
 */
async function openTemporary(
  files: Files,
  folder: string,
  name: string,
  mode?: number,
): Promise<[path: string, file: OpenFile]> {
  for (;;) {
    const digits = Math.random().toString(16).slice(2, 14).padEnd(12, '0')
    const path = `${folder}/${startOf(name)}${digits}.deltaprop.tmp`
    try {
      return [path, await files.open(path, 'wx', mode)]
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'EEXIST') throw error
    }
  }
}

/** Flushes the new name to the disk, too. Folders cannot be flushed on Windows. */
async function syncFolder(files: Files, folder: string): Promise<void> {
  try {
    const file = await files.open(folder, 'r')
    await file.sync().finally(() => file.close())
  } catch {
    // The file is complete either way.
  }
}
