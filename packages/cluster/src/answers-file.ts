/** A file that grows in order, and is there under its name when it is complete. */
import {
  access,
  constants,
  open,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
  type FileHandle,
} from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { reasonOf } from './predict-kind.js'

/** Who may read, write and run a file. */
const PERMISSIONS = 0o777
/** Between two notes of how far it is, in milliseconds. */
const SAVE_MS = 1000

/** What is noted beside it. */
interface Progress {
  /** whose answers they are */
  readonly run: string
  readonly pieces: number
  readonly bytes: number
}

/**
 * Answers so far, beside where they will be:
 *
 *     answers.csv.part      pieces 0 … n − 1, and perhaps more
 *     answers.csv.progress  n, and how long they are, once they are on the disk
 */
export class AnswersFile {
  readonly #path: string
  readonly #run: string
  readonly #file: FileHandle
  #pieces: number
  #bytes: number
  #saved = performance.now()
  #isMine = true

  private constructor(path: string, file: FileHandle, { run, pieces, bytes }: Progress) {
    this.#path = path
    this.#run = run
    this.#file = file
    this.#pieces = pieces
    this.#bytes = bytes
  }

  /** Where answers will be: links stay links. @throws Error that names the option, unless a file can be written there */
  static async locate(out: string): Promise<string> {
    try {
      const path = await realpath(out).catch(async () => join(await realpath(dirname(out)), basename(out)))
      const found = await stat(path).catch(() => undefined)
      if (found?.isDirectory() === true) throw new Error('a directory')
      await access(dirname(path), constants.W_OK)
      return path
    } catch (cause) {
      throw new Error(`out: expected a file that can be written, got ${reasonOf(cause)} at ${out}`, { cause })
    }
  }

  /** Goes on where answers of the same run ended, or begins anew. @param path as locate has found it */
  static async open(path: string, run: string): Promise<AnswersFile> {
    const known = await progressOf(path)
    const size = (await stat(`${path}.part`).catch(() => undefined))?.size ?? 0
    if (known?.run !== run || known.bytes > size) {
      await rm(`${path}.progress`, { force: true })
      // Another program that writes it has a file of its own then, and notices.
      await rm(`${path}.part`, { force: true })
      return new AnswersFile(path, await open(`${path}.part`, 'w'), { run, pieces: 0, bytes: 0 })
    }
    const file = await open(`${path}.part`, 'r+')
    await file.truncate(known.bytes)
    return new AnswersFile(path, file, known)
  }

  /** pieces that it has */
  get pieces(): number {
    return this.#pieces
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Appends a piece. @param header before the first one @throws Error if another program writes it, too */
  async append(header: string, answers: Uint8Array): Promise<void> {
    await this.#checkAlone()
    let at = this.#bytes
    for (const part of [this.#pieces === 0 ? new TextEncoder().encode(header) : undefined, answers]) {
      for (let written = 0; part !== undefined && written < part.length;) {
        const { bytesWritten } = await this.#file.write(part, written, part.length - written, at)
        written += bytesWritten
        at += bytesWritten
      }
    }
    this.#bytes = at
    this.#pieces += 1
    if (performance.now() - this.#saved > SAVE_MS) await this.save()
  }

  async #checkAlone(): Promise<void> {
    const [mine, there] = await Promise.all([
      this.#file.stat(),
      stat(`${this.#path}.part`).catch(() => undefined),
    ])
    if (mine.ino === there?.ino && mine.size === this.#bytes) return
    this.#isMine = false
    throw new Error(`out: expected to write ${this.#path}.part alone, but another program does, too`)
  }

  /** Notes how far it is, once that is on the disk. */
  async save(): Promise<void> {
    await this.#checkAlone()
    const progress: Progress = { run: this.#run, pieces: this.#pieces, bytes: this.#bytes }
    await this.#file.datasync()
    await writeFile(`${this.#path}.progress.new`, JSON.stringify(progress))
    await rename(`${this.#path}.progress.new`, `${this.#path}.progress`)
    this.#saved = performance.now()
  }

  /** Gives it its name, and the permissions of the file that had it. */
  async finish(): Promise<void> {
    await this.#checkAlone()
    const before = await stat(this.#path).catch(() => undefined)
    if (before !== undefined) await this.#file.chmod(before.mode & PERMISSIONS)
    await this.#file.sync()
    await this.#file.close()
    await rename(`${this.#path}.part`, this.#path)
    await rm(`${this.#path}.progress`, { force: true })
  }

  /** Leaves it for who goes on. */
  async leave(): Promise<void> {
    if (this.#isMine) await this.save()
    await this.#file.close()
  }
}

async function progressOf(path: string): Promise<Progress | undefined> {
  try {
    const { run, pieces, bytes } = JSON.parse(await readFile(`${path}.progress`, 'utf8')) as Partial<Progress>
    const isWhole = typeof run === 'string' && Number.isSafeInteger(pieces) && Number.isSafeInteger(bytes)
    return isWhole ? ({ run, pieces, bytes } as Progress) : undefined
  } catch {
    return undefined
  }
}
