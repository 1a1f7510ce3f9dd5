/**
 * Recognises files that are not text, or not a table, by their first bytes: what they are, and what to give instead.
 */

/** A file that begins like this must be unpacked first. */
export const GZIP = 'gzip'

/** The most bytes needed to recognise a text. */
const MOST = 64

/** The offset at which a tar archive says that it is one. */
const TAR_MARK = 257

/** First bytes, each a character, that no table begins with; what they are of; what to do. */
const SIGNATURES: readonly (readonly [start: string, what: string, instead: string])[] = [
  ['\x1f\x8b\x08', GZIP, 'unpack it'],
  ['PK\x03\x04', 'a zip archive, as xlsx and ods are', 'unpack it, or save the sheet as CSV (UTF-8)'],
  ['PK\x05\x06', 'an empty zip archive', 'give the file that was to be in it'],
  ['\xd0\xcf\x11', 'an old Office file, as xls is', 'save the sheet as CSV (UTF-8)'],
  ['PAR1\x15', 'Parquet', 'write it as CSV, in pandas with to_csv'],
  ['ARROW1\0', 'an Arrow file, as Feather is', 'write it as CSV, in pandas with to_csv'],
  ['\xff\xff\xff\xff', 'an Arrow stream', 'write it as CSV, in pandas with to_csv'],
  ['\x89HDF\r\n\x1a', 'HDF5', 'write its table as CSV, in pandas with to_csv'],
  ['\x93NUMPY\x01', 'an array of NumPy', 'write it as CSV, with numpy.savetxt'],
  ['\x80\x04\x95', 'a pickle of Python', 'write it as CSV, in pandas with to_csv'],
  ['\x80\x05\x95', 'a pickle of Python', 'write it as CSV, in pandas with to_csv'],
  ['ORC\x08', 'ORC', 'write it as CSV, in pandas with to_csv'],
  ['Obj\x01', 'Avro', 'write it as CSV'],
  ['RDX3\nX\n', 'an R data file', 'write it as CSV, with write.csv'],
  ['SQLite format 3\0', 'a database of SQLite', 'write its table as CSV, with .mode csv'],
  ['%PDF-1.', 'a PDF', 'save the table as CSV (UTF-8)'],
  ['%PDF-2.', 'a PDF', 'save the table as CSV (UTF-8)'],
  ['{\\rtf1', 'RTF', 'save the table as CSV (UTF-8)'],
  ['\x89PNG\r\n\x1a', 'an image, PNG', 'give the table itself'],
  ['\xff\xd8\xff', 'an image, JPEG', 'give the table itself'],
  ['BZh91AY&SY', 'bzip2', 'unpack it'],
  ['\xfd7zXZ\0', 'xz', 'unpack it'],
  ['(\xb5/\xfd', 'zstd', 'unpack it'],
  ['7z\xbc\xaf\x27\x1c', 'a 7z archive', 'unpack it'],
  ['Rar!\x1a', 'a rar archive', 'unpack it'],
  ['\xff\xfe\0\0', 'UTF-32', 'save it as UTF-8'],
  ['\0\0\xfe\xff', 'UTF-32', 'save it as UTF-8'],
]

/** The same for texts, after a byte order mark and blanks. */
const TEXTS: readonly (readonly [start: RegExp, what: string, instead: string])[] = [
  [
    /^<(!doctype html|html|head|body)\b/i,
    'HTML, a page',
    'give the file that it links to, in its raw form, or save the table as CSV',
  ],
  [/^<\?xml\b/i, 'XML', 'save the table as CSV (UTF-8)'],
]

/** A file of another kind than those wanted. */
export interface FileKind {
  readonly what: string
  readonly instead: string
}

/** The first bytes of a file, each a character, or characters. */
export function headOf(first: string | Uint8Array): string {
  const most = TAR_MARK + 5
  return typeof first === 'string' ? first.slice(0, most) : String.fromCharCode(...first.subarray(0, most))
}

/**
 * What kind of file it is, unless it may be a table.
 *
 * @param head first bytes, each a character; or a text that the caller decoded them to: as Latin-1, or as UTF-8 with
 *   U+FFFD for invalid bytes
 */
export function fileKind(head: string): FileKind | undefined {
  const signature = SIGNATURES.find(([start]) => start.length <= head.length && begins(head, start))
  if (signature !== undefined) return { what: signature[1], instead: signature[2] }
  if (head.startsWith('ustar', TAR_MARK)) return { what: 'a tar archive', instead: 'unpack it' }
  const text = TEXTS.find(([start]) => start.test(plain(head)))
  return text && { what: text[1], instead: text[2] }
}

/** Whether it is JSON, an object or an array of objects: as CSV it would have quotes within a field. */
export function isJSON(head: string): boolean {
  return /^\[?\s*\{\s*"/.test(plain(head))
}

/** Whether more bytes are needed to recognise a file. */
export function isOpen(head: string): boolean {
  if (fileKind(head) !== undefined) return false
  if (head.length < 4 || SIGNATURES.some(([start]) => start.length > head.length && begins(head, start)))
    return true
  if (head.length < TAR_MARK + 5 && head.includes('\0')) return true
  return head.length < MOST && /^(<[!?a-z ]*|\[?\s*\{?\s*)?$/i.test(plain(head))
}

/** The head without the byte order mark of UTF-8, as bytes or as text, and blanks. */
function plain(head: string): string {
  return head.replace(/^(\xef\xbb\xbf|\ufeff)/, '').trimStart()
}

/**
 * Whether the shorter one is the beginning of the longer one. U+FFFD stands for any byte that is not ASCII, if there
 * are other bytes that texts do not have.
 */
function begins(head: string, start: string): boolean {
  const isSure = /[\0-\x08\x0e-\x1f]/.test(start)
  for (let i = 0; i < start.length && i < head.length; ++i) {
    if (head[i] !== start[i] && !(isSure && head[i] === '\ufffd' && start[i] > '\x7f')) return false
  }
  return true
}
