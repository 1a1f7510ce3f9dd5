/**
 * How files are replaced, with the modules of Node given: the main entry, which imports none, has it for checkpoints.
 */

/** What node:fs/promises has, as far as it is used here. */
export interface Files {
  open(path: string, flags: string): Promise<OpenFile>
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

/**
 * Writes a file beside its place, has the disk take it, and puts it there in one step: whatever happens, the path holds the whole new
 * file, or what it held before.
 *
 * @throws as the system; the temporary file is gone then
 */
export async function replace(
  files: Files,
  { path, temporary, folder }: Place,
  content: Uint8Array | string,
): Promise<void> {
  const file = await files.open(temporary, 'wx')
  try {
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await files.rename(temporary, path)
  } catch (error) {
    await files.rm(temporary, { force: true })
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
