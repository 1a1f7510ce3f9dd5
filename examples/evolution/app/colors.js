// @ts-check

/** Cars are painted together by their speed, of which so many are told apart. */
const SPEEDS = 16

/**
 * The colours of the style sheet.
 *
 * @typedef {object} Palette
 * @property {string} ink
 * @property {string} soft
 * @property {string} card
 * @property {string} more of positive numbers
 * @property {string} less of negative numbers
 * @property {string} kerb
 * @property {string} road
 * @property {readonly string[]} speeds from slow to fast
 */

/** @returns {Palette} */
export function readPalette() {
  const style = getComputedStyle(document.documentElement)
  /** @param {string} name */
  const read = (name) => style.getPropertyValue(`--${name}`).trim()
  const [lightness, chroma, slow, fast] = ['lightness', 'chroma', 'slow', 'fast'].map((name) =>
    Number(read(name)),
  )
  return {
    ink: read('ink'),
    soft: read('soft'),
    card: read('card'),
    more: read('more'),
    less: read('less'),
    kerb: read('kerb'),
    road: read('road'),
    speeds: Array.from({ length: SPEEDS }, (_, i) => {
      return `oklch(${lightness} ${chroma} ${slow + ((fast - slow) * i) / (SPEEDS - 1)})`
    }),
  }
}
