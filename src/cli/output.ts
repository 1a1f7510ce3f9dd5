/** Standard output, which may be a pipe that someone stops reading, or a disk that is full. */
import { once } from 'node:events'
import { fileError } from '../node/files.js'
import { printable, safeJSON } from './terminal.js'

/** Whether the command makes something besides what it prints. */
let isWorking = false
let isGone = false

/**
 * A reader that has seen enough, such as `head`, ends a command that only prints; any other error is one. A command that makes files
 * goes on with nothing printed.
 */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isGone) return
    isGone = true
    const isEnough = error.code === 'EPIPE' || error.code === 'ECONNRESET'
    if (!isEnough) {
      process.stderr.write(`deltaprop: ${fileError('standard output', 'written', error).message}\n`)
      process.exitCode = 1
    }
    if (!isWorking) process.exit(isEnough ? 0 : 1)
  })
  // Whoever does not read messages does not need them.
  process.stderr.on('error', () => undefined)
}

/** Says that the command makes something besides what it prints: that is made whatever becomes of the output. */
export function outliveOutput(): void {
  isWorking = true
}

/** Writes text and a line end. */
export function print(text = ''): void {
  if (!isGone) process.stdout.write(`${text}\n`)
}

/** Writes JSON, in one line or in several for people. */
export function printJSON(value: unknown): void {
  print(safeJSON(JSON.stringify(value, undefined, 2)))
}

/** Writes text, and waits where the reader is slower. */
export async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** Says what was recognised in a file, or left out of it, where it is not mistaken for what the command has to say. */
export function tellNotes({ notes = [] }: { readonly notes?: readonly string[] }): void {
  for (const note of notes) process.stderr.write(`note: ${printable(note, Infinity)}\n`)
}
