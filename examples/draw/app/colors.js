// @ts-check

/** @typedef {readonly [red: number, green: number, blue: number]} Color each from 0 to 255 */

/**
 * The colours of the style sheet that numbers are painted with.
 *
 * @typedef {object} Palette
 * @property {Color} more of positive numbers
 * @property {Color} less of negative numbers
 * @property {Color} zero
 * @property {Color} ink
 * @property {string} pen
 */

/** @returns {Palette} */
export function readPalette() {
  const style = getComputedStyle(document.documentElement)
  /** @param {string} name */
  const text = (name) => style.getPropertyValue(name).trim()
  /** @param {string} name @returns {Color} */
  const color = (name) => {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(text(name).slice(at, at + 2), 16))
    return [red, green, blue]
  }
  return {
    more: color('--more'),
    less: color('--less'),
    zero: color('--zero'),
    ink: color('--ink'),
    pen: text('--ink'),
  }
}

/**
 * Paints numbers as pixels, row by row: 0 in the colour of zero, `scale` and more in full colour.
 *
 * @param {HTMLCanvasElement} canvas whose size is that of the picture
 * @param {ArrayLike<number>} values as many as it has pixels
 * @param {number} scale above 0
 * @param {{ more: Color, less: Color, zero: Color }} palette
 */
export function paintNumbers(canvas, values, scale, { more, less, zero }) {
  const image = new ImageData(canvas.width, canvas.height)
  for (let i = 0; i < values.length; ++i) {
    const share = Math.min(1, Math.abs(values[i]) / scale)
    const end = values[i] < 0 ? less : more
    for (let channel = 0; channel < 3; ++channel) {
      image.data[4 * i + channel] = zero[channel] + share * (end[channel] - zero[channel])
    }
    image.data[4 * i + 3] = 255
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0)
}

/**
 * The largest of some numbers, whatever their sign; 1e-9 if all are 0.
 *
 * @param {ArrayLike<number>} values
 */
export function largest(values) {
  let most = 1e-9
  for (let i = 0; i < values.length; ++i) most = Math.max(most, Math.abs(values[i]))
  return most
}
