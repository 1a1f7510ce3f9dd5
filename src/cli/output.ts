/** Standard output, which may be a pipe that someone stops reading. */
import { once } from 'node:events'
import { printable, safeJSON } from './terminal.js'

/** A reader that has seen enough, such as `head`, ends the run; any other error is one. */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    process.stderr.write(`deltaprop: standard output: ${error.message}\n`)
    process.exit(1)
  })
  // Whoever does not read messages does not need them.
  process.stderr.on('error', () => undefined)
}

/** Writes text and a line end. */
export function print(text = ''): void {
  process.stdout.write(`${text}\n`)
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
