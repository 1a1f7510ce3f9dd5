/** What the output destination can show: a terminal, a file, a build log. */
import type { WriteStream } from 'node:tty'
import picocolors from 'picocolors'
import stringWidth from 'string-width'

/** Functions that colour text, or leave it unchanged. */
export type Colors = ReturnType<typeof picocolors.createColors>

/** Whether lines can be redrawn. (A pipe has no `isTTY` at all, whatever its type says.) */
export function isTerminal(stream: Partial<Pick<WriteStream, 'isTTY'>>): boolean {
  return stream.isTTY === true && process.env.TERM !== 'dumb'
}

/** Colours in terminals only, and not if NO_COLOR is set; guesses based on CI or FORCE_COLOR are not used. */
export function colorsOf(stream: NodeJS.WriteStream): Colors {
  return picocolors.createColors(isTerminal(stream) && (process.env.NO_COLOR ?? '') === '')
}

export const colors = colorsOf(process.stdout)

/** Characters per line of output. */
export const width = Math.min((isTerminal(process.stdout) ? process.stdout.columns : 0) || 80, 120)

/** Text from a file, made safe for a terminal: without control characters, which could do anything there. */
export function printable(text: string, most = 40): string {
  const safe = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '·')
  const characters = Array.from(safe)
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : safe
}

/** padStart and padEnd by width in a terminal, ignoring colours. */
export function pad(text: string, columns: number, side: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, columns - stringWidth(text)))
  return side === 'left' ? text + blanks : blanks + text
}

/** The columns that a text takes in a terminal. */
export function textWidth(text: string): number {
  return stringWidth(text)
}

/** The columns available for a line: the terminal's width; elsewhere unlimited. */
export const lineWidth = isTerminal(process.stdout) ? width : Infinity

/** Clips lines to the width of the terminal. */
export function clipped(text: string): string {
  return text
    .split('\n')
    .map((line) => clippedTo(line, lineWidth))
    .join('\n')
}

/** The start of a line, clipped to this many terminal columns. */
function clippedTo(line: string, columns: number): string {
  if (textWidth(line) <= columns) return line
  const characters = Array.from(line).slice(0, columns - 1)
  while (textWidth(characters.join('')) > columns - 1) characters.pop()
  return `${characters.join('')}…`
}

const LABEL = 11

/** A labelled text, wrapped at spaces, with its lines aligned. */
export function field(label: string, text: string): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = `${lines[lines.length - 1]} ${word}`.trimStart()
    if (LABEL + textWidth(line) > width) lines.push(word)
    else lines[lines.length - 1] = line
  }
  return colors.bold(label.padEnd(LABEL)) + lines.join(`\n${' '.repeat(LABEL)}`)
}

/** A title, followed by an explanation, between empty lines. */
export function title(words: string, explanation = ''): string {
  const rest = clipped(`${words}  ${explanation}`).slice(words.length).trimEnd()
  return `\n${colors.bold(words)}${colors.dim(rest)}\n`
}
