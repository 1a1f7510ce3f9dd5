import { typeError } from '../base/argument-error.js'
import { fileURLToPath } from 'node:url'
import { tagOf } from '../base/bytes.js'
import { show } from '../base/check.js'

/** @throws TypeError unless it is a path, or a file: URL */
export function checkPath(path: unknown): string {
  if (typeof path === 'string' && path !== '') return path
  const url = tagOf(path) === 'URL' ? String(path) : undefined
  if (url?.startsWith('file:') === true) return fileURLToPath(url)
  const got = url ?? show(path)
  throw typeError('path', 'the name of a file, or a file: URL', got)
}
