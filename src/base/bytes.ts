/** Bytes as an argument, of any realm; and what to give in the place of what is nearly that. */
import { typeError } from './argument-error.js'
import { isBytes } from './check.js'
import { article, show, tagOf, typedArrayTag } from './show.js'

export { tagOf } from './show.js'

/** @throws TypeError that says how to make bytes of what came, where that is known */
export function checkBytes(name: string, value: unknown): Uint8Array {
  if (isBytes(value)) return value
  throw typeError(name, 'a Uint8Array', showNoBytes(value))
}

/** What is no bytes, in messages: with the expression that makes bytes of it. */
export function showNoBytes(value: unknown): string {
  const tag = typedArrayTag(value) ?? tagOf(value)
  switch (tag) {
    case 'ArrayBuffer':
    case 'SharedArrayBuffer':
      return `${article(tag)}; new Uint8Array(buffer) has its bytes`
    case 'Blob':
    case 'File':
    case 'Response':
    case 'Request':
      return `a ${tag}; new Uint8Array(await ${tag.toLowerCase()}.arrayBuffer()) has its bytes`
    case 'Promise':
      return 'a Promise; await it'
    case 'URL':
      return 'a URL; give what is there'
    default:
      if (!ArrayBuffer.isView(value)) return show(value)
      return `${article(tag)}; new Uint8Array(array.buffer, array.byteOffset, array.byteLength) has its bytes`
  }
}
