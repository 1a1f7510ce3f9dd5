/**
 * How files are replaced, with the modules of Node given: the main entry, which imports none, has it for checkpoints.
 */

/** What node:fs/promises has, as far as it is used here. */
export interface Files {
  stat(path: string): Promise<{ readonly mode: number; isDirectory(): boolean }>
  open(path: string, flags: string, mode?: number): Promise<OpenFile>
  rename(from: string, to: string): Promise<void>
  rm(path: string, options: { force: boolean }): Promise<void>
}

interface OpenFile {
  writeFile(content: Uint8Array | string): Promise<void>
  sync(): Promise<void>
  close(): Promise<void>
}

/** A file to replace, the name of the new one until it takes its place, and the folder of both. */
export interface Place {
  readonly path: string
  /** there is none of this name; a link would not be followed */
  readonly temporary: string
  readonly folder: string
}

/** Who may read, write and run a file. */
const PERMISSIONS = 0o777

/**
 * Writes a file beside its place, has the disk take it, and puts it there in one step: whatever happens, the path holds the whole new
 * file, or what it held before. Nobody may read the new one who might not read the one before.
 *
 * @throws as the system; the temporary file is gone then
 */
export async function replace(
  files: Files,
  { path, temporary, folder }: Place,
  content: Uint8Array | string,
): Promise<void> {
  const before = await files.stat(path).catch(() => undefined)
  const file = await files.open(temporary, 'wx', before && before.mode & PERMISSIONS)
  try {
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await files.rename(temporary, path)
  } catch (error) {
    await files.rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
  await syncFolder(files, folder)
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
