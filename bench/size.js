// @ts-check
/**
 * How much is there to load? See scripts/sizes.js.
 *
 *     npm run size
 */
import { appSize, entrySizes } from '../scripts/sizes.js'
import { printTable } from './report/table.js'

/** @param {number} bytes */
function kilobytes(bytes) {
  return (bytes / 1000).toFixed(1)
}

const rows = (await entrySizes()).map(({ entry, minified, gzip, withoutCore }) => ({
  entry,
  'KB, minified': kilobytes(minified),
  'KB, gzip': kilobytes(gzip),
  'without the core': kilobytes(withoutCore),
}))
printTable('Size', rows)
const { gzip, parts } = await appSize()
const shares = parts.map((part) => ({ 'what for': part.purpose, 'KB, gzip': kilobytes(part.gzip) }))
printTable(`The smallest application that trains: ${kilobytes(gzip)} KB`, shares)
