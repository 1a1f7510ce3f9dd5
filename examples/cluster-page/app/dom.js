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
