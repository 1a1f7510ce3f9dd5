// @ts-check

/**
 * The element of the page that has an id.
 *
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id)
  if (element instanceof type) return element
  throw new Error(`#${id}: expected a ${type.name}, got ${element?.tagName ?? 'nothing'}`)
}

/**
 * Fits a canvas to its size on the page.
 *
 * @param {HTMLCanvasElement} canvas
 * @returns {CanvasRenderingContext2D} with the page's pixels as units
 */
export function fit(canvas) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((side) =>
    Math.round(side * devicePixelRatio),
  )
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('expected a canvas to paint on')
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
  return context
}
