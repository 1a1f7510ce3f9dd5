/** A digest of a table, by which parts of one work tell that they were trained on the same rows. */
import { littleEndian } from '../base/byte-order.js'
import { Hash } from '../base/hash.js'
import type { FileColumn, Rows } from '../scoring/json-table.js'

/** Values per text that is hashed: a whole column could be longer than a text can be. */
const AT_ONCE = 4096

/** Of the names and values of all columns, in their order; of nothing that depends on how the file writes them. */
export function digestOf({ rows, columns }: Pick<Rows, 'rows' | 'columns'>): string {
  const hash = new Hash()
  hash.add(littleEndian(Uint32Array.of(rows, columns.length)))
  for (const column of columns) addColumn(hash, column)
  return hash.digest()
}

function addColumn(hash: Hash, { name, values }: FileColumn): void {
  const all = Array.from(values)
  addText(hash, name)
  if (all.every((value) => typeof value === 'number')) {
    hash.add(littleEndian(Float64Array.from(all)))
    return
  }
  for (let row = 0; row < all.length; row += AT_ONCE) {
    addText(hash, JSON.stringify(all.slice(row, row + AT_ONCE)))
  }
}

/** Its length, and its bytes in UTF-8, padded with zeros to whole words. */
function addText(hash: Hash, text: string): void {
  const bytes = new TextEncoder().encode(text)
  const words = new Uint8Array(Math.ceil(bytes.length / 4) * 4)
  words.set(bytes)
  hash.add(littleEndian(Uint32Array.of(bytes.length)))
  hash.add(words)
}
