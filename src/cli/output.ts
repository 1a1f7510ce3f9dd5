/** Standard output, which may be a pipe that is no longer read, or a full disk. */
import { once } from 'node:events'
import { fileError } from '../node/files.js'
import { safeJSON } from '../scoring/safe-json.js'
import { printable } from './terminal.js'

/** Whether the command produces anything besides its output. */
let hasOtherResults = false
let isClosed = false

/**
 * If the reader has seen enough, such as `head`, a command that only prints ends; any other error is a failure. A
 * command that writes files continues without printing.
 */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isClosed) return
    isClosed = true
    const isReaderGone = error.code === 'EPIPE' || error.code === 'ECONNRESET'
    if (!isReaderGone) {
      process.stderr.write(`deltaprop: ${fileError('standard output', 'written', error).message}\n`)
      process.exitCode = 1
    }
    if (!hasOtherResults) process.exit(isReaderGone ? 0 : 1)
  })
  // If standard error is not read, losing messages does not matter.
  process.stderr.on('error', () => undefined)
}

/** Says that the command produces something besides its output, so it continues if the output fails. */
export function continueWithoutOutput(): void {
  hasOtherResults = true
}

/** Writes text and a newline. */
export function print(text = ''): void {
  if (!isClosed) process.stdout.write(`${text}\n`)
}

/** Writes JSON, on one line, or on several if a person reads it. */
export function printJSON(value: unknown): void {
  print(safeJSON(JSON.stringify(value, undefined, 2)))
}

/** Writes text, waiting if the reader is slower. */
export async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** Prints notes on what was recognised in a file, or left out of it, separately from the command's output. */
export function printNotes({ notes = [] }: { readonly notes?: readonly string[] }): void {
  for (const note of notes) process.stderr.write(`note: ${printable(note, Infinity)}\n`)
}
