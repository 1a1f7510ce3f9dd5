/** Bytes as an argument, from any realm; and what to pass instead of something similar. */
import { typeError } from './argument-error.js'
import { isBytes } from './check.js'
import { article, show, tagOf, typedArrayTag } from './show.js'

export { tagOf } from './show.js'

/** @throws TypeError saying how to turn the value into bytes, if that is known */
export function checkBytes(name: string, value: unknown): Uint8Array {
  if (isBytes(value)) return value
  throw typeError(name, 'a Uint8Array', showNoBytes(value))
}

/** Shows a value that is not bytes, with the expression that converts it to bytes. */
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
