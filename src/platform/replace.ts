/**
 * How files are replaced, with the modules of Node given: the main entry, which imports none, has it for checkpoints.
 */
import { nodeProcess } from './node-modules.js'

/** What node:fs/promises has, as far as it is used here. */
export interface Files {
  stat(path: string, options: { bigint: true }): Promise<FileStats>
  realpath(path: string): Promise<string>
  readlink(path: string): Promise<string>
  open(path: string, flags: string, mode?: number): Promise<OpenFile>
  rename(from: string, to: string): Promise<void>
  rm(path: string, options: { force: boolean }): Promise<void>
}

/** What is known of a file, as far as it is used here. */
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

/** What node:path has, as far as it is used here. */
export interface Names {
  basename(path: string): string
  dirname(path: string): string
  isAbsolute(path: string): boolean
  join(...parts: string[]): string
}

/** A file to replace: no link, in a folder that is there. */
export interface Place {
  readonly folder: string
  readonly name: string
  readonly path: string
}

/** Who may read, write and run a file. */
const PERMISSIONS = 0o777n

/** As many links as systems follow. */
const MOST_LINKS = 40

/** Characters of a name that a temporary one begins with: the longest names have no room for more. */
const MOST_CHARACTERS = 32

/** How temporary names end. */
const DIGITS = /^[0-9a-f]{12}\.deltaprop\.tmp$/

/** Nobody writes a file for so long without a byte more of it. */
const LEFT_MS = 600_000

/**
 * The place that a name is of, through links, whether there is a file or not: what is written there leaves the links what they are.
 *
 * @throws as the system, also where there is no folder
 */
export async function placeOf(files: Files, names: Names, path: string): Promise<Place> {
  for (let links = 0; ; ++links) {
    const found = await files.realpath(path).catch((error: unknown) => {
      if (!isAbsent(error) || path.endsWith('/') || links === MOST_LINKS) throw error
    })
    const whole = found ?? names.join(await files.realpath(names.dirname(path)), names.basename(path))
    const link = found ?? (await files.readlink(whole).catch(() => undefined))
    if (found !== undefined || link === undefined) {
      return { folder: names.dirname(whole), name: names.basename(whole), path: whole }
    }
    // Not joined, for there may be links before the .. of a link.
    path = names.isAbsolute(link) ? link : `${names.dirname(whole)}/${link}`
  }
}

/**
 * The same text for all names of one place, whether there is a file or not: two that differ only in case are one name on macOS and
 * Windows, where most file systems take them for one.
 */
export async function identityOfPlace(
  files: Pick<Files, 'stat'>,
  { folder, name }: Pick<Place, 'folder' | 'name'>,
): Promise<string> {
  const { dev, ino } = await files.stat(folder, { bigint: true })
  const isFolded = ['darwin', 'win32'].includes(nodeProcess()?.platform ?? '')
  return `${dev} ${ino} ${isFolded ? name.normalize('NFC').toLowerCase() : name}`
}

/**
 * Writes a file beside its place, under a name that nothing has, has the disk take it, and puts it there in one step: whatever happens,
 * the path holds the whole new file, or what it held before. Who may read, write and run it is as before.
 *
 * @param confirm asked before it takes its place: throws if it is not to
 * @returns what is known of the file now
 * @throws as the system, or what confirm throws; the temporary file is gone then
 */
export async function replace(
  files: Files,
  { folder, name, path }: Place,
  content: Uint8Array | string,
  confirm?: () => Promise<void>,
): Promise<FileStats> {
  const before = await files.stat(path, { bigint: true }).catch(() => undefined)
  const mode = before && Number(before.mode & PERMISSIONS)
  const [temporary, file] = await openTemporary(files, folder, name, mode)
  let written: FileStats
  try {
    try {
      // What the mask of the process has taken away; not all file systems have it.
      if (mode !== undefined) await file.chmod(mode).catch(() => undefined)
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    // Of the closed file: some file systems change its time until then.
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

/** Throws where no file can be written. Nothing is left of it. */
export async function tryToWrite(files: Files, { folder, name }: Place): Promise<void> {
  const [temporary, file] = await openTemporary(files, folder, name)
  await file.close()
  await files.rm(temporary, { force: true })
}

/** Whether the system says that there is no such file. */
export function isAbsent(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ENOENT'
}

/** What lists a folder, too. */
export interface ListingFiles extends Files {
  readdir(path: string): Promise<string[]>
  lstat(path: string, options: { bigint: true }): Promise<FileStats>
}

/** Takes away what processes that were killed have left of a file: what has its temporary names, and was not written to for long. */
export async function clearLeft(files: ListingFiles, { folder, name }: Place): Promise<void> {
  const start = startOf(name)
  const oldest = BigInt(Date.now() - LEFT_MS) * 1_000_000n
  for (const entry of await files.readdir(folder)) {
    if (!entry.startsWith(start) || !DIGITS.test(entry.slice(start.length))) continue
    const path = `${folder}/${entry}`
    const found = await files.lstat(path, { bigint: true })
    if (found.isFile() && found.mtimeNs < oldest) await files.rm(path, { force: true })
  }
}

/** What temporary names of a file begin with. */
function startOf(name: string): string {
  return `.${Array.from(name).slice(0, MOST_CHARACTERS).join('')}.`
}

/**
 * Opens a file `.name.12 digits.deltaprop.tmp`, which there was none of: nobody else's is opened, and a link that waits there is not
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

/** The new name is on the disk, too; where folders can be synchronised: not on Windows. */
async function syncFolder(files: Files, folder: string): Promise<void> {
  try {
    const file = await files.open(folder, 'r')
    await file.sync().finally(() => file.close())
  } catch {
    // The file is whole either way.
  }
}
