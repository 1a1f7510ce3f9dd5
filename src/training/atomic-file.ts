import { nodeModule } from '../engine/team/port.js'

/** What fs.promises of Node has, as far as it is used here. */
interface NodeFiles {
  open(path: string, flags: string): Promise<NodeFile>
  readFile(path: string): Promise<Uint8Array>
  rename(from: string, to: string): Promise<void>
  stat(path: string): Promise<{ isDirectory(): boolean }>
  rm(path: string, options: { force: boolean }): Promise<void>
}

interface NodeFile {
  writeFile(bytes: Uint8Array): Promise<void>
  sync(): Promise<void>
  close(): Promise<void>
}

/** A file that is there as a whole or not at all, whatever happens while it is written. */
export class AtomicFile {
  readonly #path: string
  readonly #temporary: string
  readonly #files: NodeFiles

  /** @throws Error where there are no files */
  constructor(path: string) {
    const fs = nodeModule('node:fs') as { promises: NodeFiles } | undefined
    if (fs === undefined) throw new Error('checkpoint: expected a runtime with files, such as Node')
    this.#path = path
    this.#temporary = `${path}.tmp`
    this.#files = fs.promises
  }

  /** Undefined if it is not there. */
  async read(): Promise<Uint8Array | undefined> {
    try {
      return await this.#files.readFile(this.#path)
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ENOENT') return undefined
      throw error
    }
  }

  /** @throws Error if it cannot be written */
  async check(): Promise<void> {
    const found = await this.#files.stat(this.#path).catch(() => undefined)
    try {
      if (found?.isDirectory() === true) throw new Error('a directory')
      await (await this.#create()).close()
      await this.#files.rm(this.#temporary, { force: true })
    } catch (cause) {
      const { message } = cause as Error
      throw new Error(`checkpoint.path: expected a file that can be written, got ${message}`, { cause })
    }
  }

  /** Takes the place of what was there when all bytes are on the disk. */
  async write(bytes: Uint8Array): Promise<void> {
    const file = await this.#create()
    try {
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await this.#files.rename(this.#temporary, this.#path)
    } catch (error) {
      await this.#files.rm(this.#temporary, { force: true })
      throw error
    }
    await this.#syncFolder()
  }

  /** A new file under the temporary name; what another process left there is gone, and a link is not followed. */
  async #create(): Promise<NodeFile> {
    await this.#files.rm(this.#temporary, { force: true })
    return this.#files.open(this.#temporary, 'wx')
  }

  /** The new name is on the disk, too; where folders can be synchronised: not on Windows. */
  async #syncFolder(): Promise<void> {
    const { dirname } = nodeModule('node:path') as { dirname: (path: string) => string }
    try {
      const folder = await this.#files.open(dirname(this.#path), 'r')
      await folder.sync().finally(() => folder.close())
    } catch {
      // The file is whole either way.
    }
  }
}
