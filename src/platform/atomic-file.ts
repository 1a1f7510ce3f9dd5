import { argumentError } from '../base/argument-error.js'
import { messageOf } from '../base/thrown.js'
import { importNodeModules, nodeModule } from './node-modules.js'
import {
  clearLeft,
  followLinks,
  isAbsent,
  locationKey,
  replace,
  tryToWrite,
  type FileLocation,
  type FileStats,
  type ListingFiles,
  type Names,
} from './replace.js'

/** As much of fs.promises of Node as is used here. */
interface NodeFiles extends ListingFiles {
  readFile(path: string): Promise<Uint8Array>
}

/**
 * The files that fits of this process hold, by folder and name. The value is what a fit that has ended is still
 * writing; undefined while the fit runs.
 */
const held = new Map<string, Promise<unknown> | undefined>()

/** A file that is replaced as a whole or not at all, whatever happens meanwhile, and that only one fit writes. */
export class AtomicFile {
  readonly #path: string
  readonly #files: NodeFiles
  readonly #names: Names
  #location: FileLocation | undefined
  #key: string | undefined
  #isReleased = false
  /** the file as it was found, or last written; undefined: there was none */
  #last: FileStats | undefined
  #writing: Promise<unknown> | undefined

  private constructor(path: string, files: NodeFiles, names: Names) {
    this.#path = path
    this.#files = files
    this.#names = names
  }

  /** @throws Error where there are no files */
  static async at(path: string): Promise<AtomicFile> {
    await importNodeModules()
    const fs = nodeModule('node:fs') as { promises: NodeFiles } | undefined
    const names = nodeModule('node:path') as Names | undefined
    if (fs === undefined || names === undefined) {
      throw new Error('checkpoint: expected a runtime with files, such as Node')
    }
    return new AtomicFile(path, fs.promises, names)
  }

  /**
   * Takes the file for this fit alone, until `release`. Waits for what a fit that has ended is still writing.
   *
   * @throws Error if it cannot be written, or another fit writes it
   */
  async hold(): Promise<void> {
    try {
      const found = await this.#stats()
      if (found?.isFile() === false)
        throw new Error(found.isDirectory() ? 'a directory' : 'a pipe or a device')
      this.#location = await followLinks(this.#files, this.#names, this.#path)
      await this.#register(await locationKey(this.#files, this.#location))
      this.#last = await this.#stats()
      await tryToWrite(this.#files, this.#location)
      await clearLeft(this.#files, this.#location).catch(() => undefined)
    } catch (cause) {
      throw argumentError(Error, 'checkpoint.path', 'a file that can be written', messageOf(cause), { cause })
    }
  }

  /** Frees the file for others, once what is being written is written. */
  release(): void {
    const [key, writing] = [this.#key, this.#writing]
    this.#isReleased = true
    if (key === undefined) return
    this.#key = undefined
    const end = (): unknown => held.delete(key)
    if (writing === undefined) end()
    else held.set(key, writing.then(end, end))
  }

  /** Undefined if there is no file. */
  async read(): Promise<Uint8Array | undefined> {
    try {
      return await this.#files.readFile(this.#path)
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw error
    }
  }

  /**
   * Replaces the file once all bytes are on the disk.
   *
   * @throws Error if the file is not the one that this has read or written last
   */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#location === undefined || this.#key === undefined)
      throw new Error('expected a file that is held')
    const writing = replace(this.#files, this.#location, bytes, () => this.#checkSame())
    this.#writing = writing
    try {
      this.#last = await writing
    } finally {
      this.#writing = undefined
    }
  }

  async #register(key: string): Promise<void> {
    while (held.has(key)) {
      const ending = held.get(key)
      if (ending === undefined) {
        throw new Error(
          `${this.#path}, which another fit writes; await it first, or give each a path of its own`,
        )
      }
      await ending
    }
    // The fit may have been ended while this was waiting.
    if (this.#isReleased) throw new Error(this.#path)
    held.set(key, undefined)
    this.#key = key
  }

  /**
   * By size and time, not by inode, which some file systems (FUSE) change. A file that is gone is no loss. What
   * another process does between this check and the rename cannot be known.
   */
  async #checkSame(): Promise<void> {
    const found = await this.#stats()
    const last = this.#last
    if (found === undefined) return
    if (found.size === last?.size && found.mtimeNs === last.mtimeNs) return
    const what = `expected ${this.#path} as this fit has left it, got what another program has put there`
    throw new Error(`${what}; give each fit a path of its own`)
  }

  #stats(): Promise<FileStats | undefined> {
    return this.#files.stat(this.#path, { bigint: true }).catch(() => undefined)
  }
}
