/** Networks are made and read by the thousand, alike but for their seeds and numbers: they share what describes them. */
import { isPlain } from '../base/check.js'

/** The most sizes of networks that are made by the thousand. */
const MOST_ALIKE = 32

/** Copies in which each size, option and activation has been read once: it may be a getter. */
export function readOnce(
  network: unknown,
  options: Readonly<Record<string, unknown>> | undefined,
): { sizes: unknown; given: Readonly<Record<string, unknown>> | undefined } {
  const isShort = Array.isArray(network) && network.length <= MOST_ALIKE
  const sizes: unknown = isShort ? [...(network as readonly unknown[])] : network
  const given = options && { ...options }
  if (given !== undefined && isPlain(given.activation)) given.activation = { ...given.activation }
  return { sizes, given }
}

/** What a spec depends on, seed apart, as a text; undefined if that takes more than sizes and names. */
export function keyOf(sizes: unknown, options: Readonly<Record<string, unknown>> = {}): string | undefined {
  if (!Array.isArray(sizes) || sizes.length > MOST_ALIKE || !sizes.every((size) => typeof size === 'number'))
    return undefined
  let key = sizes.join()
  for (const [name, value] of Object.entries(options)) {
    if (name === 'seed') continue
    if (typeof value !== 'string' && !(name === 'activation' && isOfTexts(value))) return undefined
    key += JSON.stringify([name, value])
  }
  return key
}

/** Whether it is a plain object of texts. */
function isOfTexts(value: unknown): boolean {
  return isPlain(value) && Object.values(value).every((text) => typeof text === 'string')
}

/** The layers that were read last, and a text of them. */
let lastRead: { readonly key: string; readonly layers: unknown } | undefined

/** A spec that was read: thousands of networks alike share their layers. */
export function sharing<Spec extends { readonly layers: unknown }>(spec: Spec): Spec {
  const key = JSON.stringify(spec.layers)
  if (lastRead?.key !== key) lastRead = { key, layers: spec.layers }
  return { ...spec, layers: lastRead.layers }
}
