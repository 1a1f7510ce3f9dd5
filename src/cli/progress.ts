/** Progress, on standard error, and in terminals alone. */
import cliProgress from 'cli-progress'
import { colorsOf, isTerminal } from './terminal.js'

export interface Progress {
  /** @param done of all @param text behind the bar */
  update(done: number, text: string): void
  /** Takes the bar away. */
  stop(): void
}

/** A bar that goes away in the end. */
export function showProgress(total: number): Progress {
  if (!isTerminal(process.stderr)) return { update: () => undefined, stop: () => undefined }
  const bar = new cliProgress.SingleBar({
    stream: process.stderr,
    format: `${colorsOf(process.stderr).cyan('{bar}')}  {text}`,
    // The text behind the bar takes about 56 columns.
    barsize: Math.min(24, Math.max(4, (process.stderr.columns || 80) - 56)),
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    // The terminal's own wrapping stays as it is, also when the run is interrupted.
    linewrap: true,
  })
  bar.start(total, 0, { text: '' })
  return { update: (done, text) => bar.update(done, { text }), stop: () => bar.stop() }
}
