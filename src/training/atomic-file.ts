import { importNodeModules, nodeModule } from '../engine/team/port.js'
import { replace, type Files, type Place } from '../node/replace.js'

/** What fs.promises of Node has, as far as it is used here. */
interface NodeFiles extends Files {
  readFile(path: string): Promise<Uint8Array>
}

/** A file that is there as a whole or not at all, whatever happens while it is written. */
export class AtomicFile {
  readonly #place: Place
  readonly #files: NodeFiles

  private constructor(place: Place, files: NodeFiles) {
    this.#place = place
    this.#files = files
  }

  /** @throws Error where there are no files */
  static async at(path: string): Promise<AtomicFile> {
    await importNodeModules()
    const fs = nodeModule('node:fs') as { promises: NodeFiles } | undefined
    const names = nodeModule('node:path') as { dirname: (path: string) => string } | undefined
    if (fs === undefined || names === undefined) {
      throw new Error('checkpoint: expected a runtime with files, such as Node')
    }
    return new AtomicFile({ path, temporary: `${path}.tmp`, folder: names.dirname(path) }, fs.promises)
  }

  /** Undefined if it is not there. */
  async read(): Promise<Uint8Array | undefined> {
    try {
      return await this.#files.readFile(this.#place.path)
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ENOENT') return undefined
      throw error
    }
  }

  /** @throws Error if it cannot be written */
  async check(): Promise<void> {
    const { path, temporary } = this.#place
    const found = await this.#files.stat(path).catch(() => undefined)
    try {
      if (found?.isDirectory() === true) throw new Error('a directory')
      await this.#clear()
      await (await this.#files.open(temporary, 'wx')).close()
      await this.#clear()
    } catch (cause) {
      const { message } = cause as Error
      throw new Error(`checkpoint.path: expected a file that can be written, got ${message}`, { cause })
    }
  }

  /** Takes the place of what was there when all bytes are on the disk. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#clear()
    await replace(this.#files, this.#place, bytes)
  }

  /** What another process has left under the temporary name is gone. */
  #clear(): Promise<void> {
    return this.#files.rm(this.#place.temporary, { force: true })
  }
}
