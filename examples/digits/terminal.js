// @ts-check
// What the place that the output goes to can show: a terminal, a file, the log of a CI job.
import { isatty } from 'node:tty'
import picocolors from 'picocolors'

/** Whether lines can be drawn anew. */
export const isTerminal = isatty(process.stdout.fd) && process.env.TERM !== 'dumb'

/** Characters in a line. */
export const width = Math.min((isTerminal ? process.stdout.columns : 0) || 80, 120)

/** Functions that colour text; they leave it as it is outside terminals, and where NO_COLOR is set. */
export const colors = picocolors.createColors(isTerminal && picocolors.isColorSupported)

const LABEL = 11

/**
 * A labelled text, broken at spaces, its lines below one another.
 *
 * @param {string} label
 * @param {string} text
 */
export function field(label, text) {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = `${lines[lines.length - 1]} ${word}`.trimStart()
    if (LABEL + line.length > width) lines.push(word)
    else lines[lines.length - 1] = line
  }
  return colors.bold(label.padEnd(LABEL)) + lines.join(`\n${' '.repeat(LABEL)}`)
}

/**
 * 0.9861 → `98.6 %`
 *
 * @param {number} share
 */
export function percent(share) {
  return `${(100 * share).toFixed(1)} %`
}
