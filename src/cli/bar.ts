/** Shows progress on standard error, and only in terminals. */
import cliProgress from 'cli-progress'
import { colorsOf, isTerminal } from './terminal.js'

export interface Bar {
  /** @param done of the total @param text after the bar */
  update(done: number, text: string): void
  /** Removes the bar. */
  stop(): void
}

/** A progress bar that disappears at the end. */
export function startBar(total: number): Bar {
  if (!isTerminal(process.stderr)) return { update: () => undefined, stop: () => undefined }
  const bar = new cliProgress.SingleBar({
    stream: process.stderr,
    format: `${colorsOf(process.stderr).cyan('{bar}')}  {text}`,
    // The text after the bar takes about 56 columns.
    barsize: Math.min(24, Math.max(4, (process.stderr.columns || 80) - 56)),
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    // Leaves the terminal's own line wrapping on, so that it stays on if the run is interrupted.
    linewrap: true,
  })
  bar.start(total, 0, { text: '' })
  return { update: (done, text) => bar.update(done, { text }), stop: () => bar.stop() }
}
