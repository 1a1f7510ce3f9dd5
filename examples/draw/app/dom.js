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
 * A new element.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {string} className
 * @param {(Node | string)[]} children
 */
export function make(name, className, ...children) {
  const element = document.createElement(name)
  element.className = className
  element.append(...children)
  return element
}

/** Until the page is painted next; in a tab that is not seen, until it is. @returns {Promise<number>} */
export function nextFrame() {
  return new Promise((resolve) => requestAnimationFrame(resolve))
}

/**
 * A function that has `paint` called once before the next frame, however often it is called itself.
 *
 * @param {() => void} paint
 */
export function onceAFrame(paint) {
  let isDue = false
  return () => {
    if (isDue) return
    isDue = true
    requestAnimationFrame(() => {
      isDue = false
      paint()
    })
  }
}
