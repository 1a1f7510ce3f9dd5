/** The blocks of code of a page. */

/** Fenced blocks: the language, the rest of the line, which names a file, and the code. */
export const BLOCK = /^```(\w+)(?: (\S+))?\n([^]*?)^```$/gm

/**
 * @typedef {object} Block
 * @property {string} language
 * @property {string | undefined} name of the file, if it is one
 * @property {string} code
 * @property {number} line of the page on which it begins, 1 for the first
 * @property {'file' | 'program' | 'command' | 'output' | undefined} role what is done with it; undefined for nothing
 */

/**
 * The fenced blocks of a page.
 *
 * A block with a name after the language is a file. Any other `js` block is a program. A `sh` block that begins with
 * `npx deltaprop` is a command. A `text` block is an output: either of the program it follows, with only blank lines in
 * between, or of the command before it.
 *
 * @param {string} page
 * @returns {Block[]}
 */
export function blocksOf(page) {
  /** @type {Block[]} */
  const blocks = []
  let end = 0
  for (const match of page.matchAll(BLOCK)) {
    const { index } = match
    const [whole, language, , code] = match
    const name = /** @type {string | undefined} */ (match[2])
    const isNext = page.slice(end, index).trim() === ''
    const before = blocks.at(-1)?.role
    const role =
      name !== undefined
        ? 'file'
        : language === 'js'
          ? 'program'
          : language === 'sh' && code.startsWith('npx deltaprop ')
            ? 'command'
            : language === 'text' && (before === 'command' || (before === 'program' && isNext))
              ? 'output'
              : undefined
    blocks.push({ language, name, code, line: page.slice(0, index).split('\n').length, role })
    end = index + whole.length
  }
  return blocks
}
