// @ts-check

/** Cars are painted together by their colour, of which there are so many. */
export const HUES = 36

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
 * @property {readonly string[]} families by hue
 * @property {readonly string[]} pale the same, transparent
 */

/** @returns {Palette} */
export function readPalette() {
  const style = getComputedStyle(document.documentElement)
  /** @param {string} name */
  const read = (name) => style.getPropertyValue(`--${name}`).trim()
  const [lightness, chroma] = [read('lightness'), read('chroma')]
  /** @param {number} opacity */
  const hues = (opacity) =>
    Array.from({ length: HUES }, (_, i) => `oklch(${lightness} ${chroma} ${(i * 360) / HUES} / ${opacity})`)
  return {
    ink: read('ink'),
    soft: read('soft'),
    card: read('card'),
    more: read('more'),
    less: read('less'),
    kerb: read('kerb'),
    road: read('road'),
    families: hues(0.85),
    pale: hues(0.3),
  }
}

/** Which of the hues a family has. @param {number} family from 0 to 1 */
export function hueOf(family) {
  return Math.floor(family * HUES) % HUES
}
