/**
 * What browsers have, and the window of jsdom lacks: from Node, whose realm is another one, as is that of whatever comes from outside of
 * the window there.
 */
import { webcrypto } from 'node:crypto'
import { CompressionStream, DecompressionStream, ReadableStream } from 'node:stream/web'

for (const [name, value] of Object.entries({ CompressionStream, DecompressionStream, ReadableStream })) {
  if (!(name in globalThis))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
}
if (!('subtle' in crypto)) Object.defineProperty(crypto, 'subtle', { value: webcrypto.subtle })
// Node 20 gives it to its own realm alone.
const symbols: object = Symbol
if (!('dispose' in symbols)) Object.defineProperty(symbols, 'dispose', { value: Symbol('Symbol.dispose') })
