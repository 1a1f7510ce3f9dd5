import { fileURLToPath } from 'node:url'
import { show } from '../check.js'

/** @throws TypeError unless it is the name of a file, or a URL with file: */
export function checkPath(path: unknown): string {
  if (typeof path === 'string' && path !== '') return path
  if (path instanceof URL && path.protocol === 'file:') return fileURLToPath(path)
  const got = path instanceof URL ? path.href : show(path)
  throw new TypeError(`path: expected the name of a file, or a file: URL, got ${got}`)
}
