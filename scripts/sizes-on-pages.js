/** The sizes that pages say, in KB gzipped. */
import { appSize, entrySizes, interopSizes } from './sizes.js'

/**
 * @typedef {object} StatedSize
 * @property {string} what
 * @property {RegExp} where what a page says before it, and the number
 * @property {number} bytes that it is now
 */

/** How far a page may be from what is so, in KB: other versions of gzip differ by some bytes. */
const TOLERANCE = 0.2

/** @returns {Promise<StatedSize[]>} */
export async function statedSizes() {
  const entries = await entrySizes()
  const { gzip, parts } = await appSize()
  /** @param {string} name */
  const sizeOf = (name) => {
    const found = entries.find(({ entry }) => entry === name)
    if (found === undefined) throw new Error(`${name}: expected an entry`)
    return found.gzip
  }
  return [
    ...entries.map(({ entry, gzip: bytes }) => ({ what: entry, where: rowOf(`\`${entry}\``), bytes })),
    ...(await interopSizes()).map(({ name, gzip: bytes }) => ({
      what: name,
      where: rowOf(`\`${name}\``),
      bytes,
    })),
    ...parts.map(({ purpose, gzip: bytes }) => ({ what: purpose, where: rowOf(purpose), bytes })),
    { what: 'the smallest application', where: /(saves has\s+)([\d.]+)/, bytes: gzip },
    { what: 'to train', where: /(\*\*Small:\*\* )([\d.]+)/, bytes: gzip },
    { what: 'everything', where: /(gzipped to train, )([\d.]+)/, bytes: sizeOf('deltaprop') },
    { what: 'to predict', where: /(with everything, )([\d.]+)/, bytes: sizeOf('deltaprop/inference') },
  ]
}

/** @param {string} first cell of a row */
function rowOf(first) {
  return new RegExp(`(^\\| ${first} +\\| )([\\d.]+)`, 'm')
}

/**
 * Whether a page says what is so.
 *
 * @param {string | undefined} said in KB @param {number} bytes
 */
export function isStated(said, bytes) {
  return Math.abs(Number(said) - bytes / 1000) < TOLERANCE
}

/**
 * A page with the sizes of now, where what it says is not so.
 *
 * @param {string} page @param {readonly StatedSize[]} sizes
 */
export function withSizes(page, sizes) {
  let text = page
  for (const { where, bytes } of sizes) {
    text = text.replace(where, (whole, /** @type {string} */ before, /** @type {string} */ said) =>
      isStated(said, bytes) ? whole : before + (bytes / 1000).toFixed(1),
    )
  }
  return text
}
