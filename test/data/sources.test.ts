/** What bytes a data file comes as: packed, in some encoding, or as another kind of file. */
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { csvBatches, parseCsv, readCsv } from '../../src/data/csv.js'
import type { CsvOptions } from '../../src/data/csv-options.js'
import type { CsvSource } from '../../src/data/csv-source.js'
import { utf8Chunks } from '../../src/data/csv-source.js'
import type { Table } from '../../src/data/table.js'
import { errorDetails } from '../../src/base/argument-error.js'

afterEach(() => vi.unstubAllGlobals())

const any = (value: unknown): never => value as never
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts))

function utf16(text: string, isBig = false): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le')
  return Uint8Array.from(isBig ? bytes.swap16() : bytes)
}

/** Chunks of so many bytes, in a buffer that is used again. */
function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  const buffer = new Uint8Array(size)
  for (let i = 0; i < bytes.length; i += size) {
    const chunk = bytes.subarray(i, i + size)
    buffer.set(chunk)
    yield buffer.subarray(0, chunk.length)
    buffer.fill(0x3f)
  }
}

function plain({ columns }: Table): Record<string, unknown[]> {
  return Object.fromEntries(columns.map(({ name, values }) => [name, [...values]]))
}

async function outcome(read: () => Table | Promise<Table>): Promise<unknown> {
  try {
    return plain(await read())
  } catch (error) {
    return String(error)
  }
}

async function batched(source: CsvSource, options: CsvOptions = {}): Promise<unknown> {
  const rows: Record<string, unknown[]> = {}
  for await (const { columns } of csvBatches(source, { ...options, batchRows: 2 })) {
    for (const { name, values } of columns) rows[name] = [...(rows[name] ?? []), ...values]
  }
  return rows
}

const text = 'größe,name\n1,Zoë €\n2,"a\nb"\n3,😀\n'
const values = { größe: [1, 2, 3], name: ['Zoë €', 'a\nb', '😀'] }
const latinText = 'größe,name\n1,Zoë\n2,€ “x”\n'
const latin = bytesOf('gr\xf6\xdfe,name\n1,Zo\xeb\n2,\x80 \x93x\x94\n')
const latinValues = { größe: [1, 2], name: ['Zoë', '€ “x”'] }

describe('encodings', () => {
  const cases: [string, Uint8Array, CsvOptions, Record<string, unknown[]>][] = [
    ['UTF-8', encode(text), {}, values],
    ['UTF-8 with a mark', encode(`\ufeff${text}`), {}, values],
    ['UTF-16LE with a mark', utf16(`\ufeff${text}`), {}, values],
    ['UTF-16BE with a mark', utf16(`\ufeff${text}`, true), {}, values],
    ['UTF-16LE by its name', utf16(text), { encoding: 'utf-16le' }, values],
    ['UTF-16BE by its name', utf16(text, true), { encoding: 'UTF-16BE' }, values],
    ['a mark has the last word', utf16(`\ufeff${text}`), { encoding: 'latin1' }, values],
    ['that of UTF-8 too', encode(`\ufeff${text}`), { encoding: 'latin1' }, values],
    ['latin1 is Windows-1252', latin, { encoding: 'latin1' }, latinValues],
    ['also by its name', latin, { encoding: 'windows-1252' }, latinValues],
    ['Cyrillic', bytesOf('a\n\xc4\xe0\n'), { encoding: 'windows-1251' }, { a: ['Да'] }],
    ['Japanese', bytesOf('a,b\n\x93\xfa\x96{,1\n'), { encoding: 'shift_jis' }, { a: ['日本'], b: [1] }],
    ['Chinese', bytesOf('a,b\n\xd6\xd0\xce\xc4,1\n'), { encoding: 'gbk' }, { a: ['中文'], b: [1] }],
    ['Latin-9', bytesOf('a\n\xa4\n'), { encoding: 'iso-8859-15' }, { a: ['€'] }],
    ['U+FFFD in UTF-16', utf16('\ufeffa\nx\ufffd\n'), {}, { a: ['x\ufffd'] }],
    ['U+FFFD in UTF-8', encode('a\nx\ufffd\n'), {}, { a: ['x\ufffd'] }],
  ]
  it.each(cases)('%s, packed or not, however it is cut', async (_, bytes, options, expected) => {
    expect(plain(parseCsv(bytes, options))).toEqual(expected)
    for (const file of [bytes, Uint8Array.from(gzipSync(bytes))]) {
      for (const size of [1, 2, 3, 7, 10_000]) {
        expect(plain(await readCsv(cut(file, size), options))).toEqual(expected)
        expect(await batched(cut(file, size), options)).toEqual(expected)
      }
    }
  })

  it('a text has none', () => {
    expect(plain(parseCsv(latinText, { encoding: 'shift_jis' }))).toEqual(latinValues)
  })

  const wrong: [string, Uint8Array, CsvOptions?][] = [
    [
      `RangeError: line 1, column 1: expected UTF-8, got "gr\ufffd\ufffde"; encoding: 'latin1' reads it as Windows-1252`,
      latin,
    ],
    [
      `RangeError: line 3, column name: expected UTF-8, got "Zo\ufffd"; encoding: 'latin1' reads it as Windows-1252`,
      bytesOf('id,name\n1,x\n2,Zo\xeb\n'),
    ],
    [
      'RangeError: line 3, column b: expected shift_jis, got "\ufffd,3"',
      bytesOf('a,b\n1,x\n2,"\xff,3"\n'),
      { encoding: 'shift_jis' },
    ],
    [
      'RangeError: line 2, column a: expected windows-1253, got "x\ufffdy"',
      bytesOf('a\nx\xd2y\n'),
      { encoding: 'windows-1253' },
    ],
    [
      'RangeError: line 2, column a: expected utf-16le, got "x\ufffd"',
      join(utf16('\ufeffa\nx'), Uint8Array.of(0x79)),
      { encoding: 'utf-16le' },
    ],
    [
      `RangeError: source: expected UTF-8, got what looks like UTF-16; encoding: 'utf-16le' reads it`,
      utf16('a,b\n1,2\n'),
    ],
    [
      `RangeError: source: expected UTF-8, got what looks like UTF-16; encoding: 'utf-16be' reads it`,
      utf16('a,b\n1,2\n', true),
    ],
    [
      'RangeError: source: expected rows as text, got UTF-32; save it as UTF-8',
      bytesOf('\xff\xfe\0\0a\0\0\0'),
    ],
    [
      `RangeError: encoding: expected one that TextDecoder knows, such as 'latin1' or 'utf-16le', got "ansi"`,
      encode('a\n'),
      { encoding: 'ansi' },
    ],
    [
      `TypeError: encoding: expected one that TextDecoder knows, such as 'latin1' or 'utf-16le', got 8`,
      encode('a\n'),
      any({ encoding: 8 }),
    ],
  ]
  it.each(wrong)('%s', async (message, bytes, options) => {
    expect(await outcome(() => parseCsv(bytes, options))).toBe(message)
    expect(await outcome(() => readCsv(bytes, options))).toBe(message)
    expect(await outcome(() => readCsv(cut(bytes, 1), options))).toBe(message)
    expect(await outcome(() => readCsv(cut(gzipSync(bytes), 1), options))).toBe(message)
  })

  it('what helps is said to programs too', () => {
    let error: unknown
    try {
      parseCsv(latin)
    } catch (thrown) {
      error = thrown
    }
    expect(errorDetails(error)?.remedies).toEqual([
      { option: 'encoding', value: 'latin1', effect: 'reads it as Windows-1252' },
    ])
  })
})

describe('gzip', () => {
  const rows = Array.from({ length: 5000 }, (_, i) => `${i},${Math.sin(i)},t${i % 7}\n`)
  const file = `a,b,c\n${rows.join('')}`
  const expected = plain(parseCsv(file))

  it('is unpacked as it comes, however it is cut', async () => {
    const packed = gzipSync(file)
    for (const size of [31, 1000, 2 ** 20]) {
      expect(plain(await readCsv(cut(packed, size)))).toEqual(expected)
      expect(await batched(cut(packed, size))).toEqual(expected)
    }
    const small = new TextEncoder().encode('a,b\n1,x\n2,y\n')
    for (const size of [1, 2, 3]) {
      const table = plain(await readCsv(cut(gzipSync(small), size)))
      expect(table).toEqual({ a: [1, 2], b: ['x', 'y'] })
    }
  })

  it('of several members, cut and packed anywhere, with zeros behind', async () => {
    const ends = [0, 1, 17, 40_000, 40_001, file.length]
    const members = ends.map((end, i) => gzipSync(file.slice(ends[i - 1] ?? 0, end)))
    for (const packed of [join(...members), join(...members, new Uint8Array(512))]) {
      for (const size of [13, 100, 2 ** 20]) expect(plain(await readCsv(cut(packed, size)))).toEqual(expected)
    }
  })

  it('in a Blob, a File and a stream of the web', async () => {
    const blob = new Blob([gzipSync(file)])
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of cut(gzipSync(file), 1000)) controller.enqueue(chunk.slice())
        controller.close()
      },
    })
    for (const source of [blob, stream, new Blob([file]), new File([file], 'a.csv')]) {
      expect(plain(await readCsv(source))).toEqual(expected)
    }
  })

  it('cut off, damaged, or with something behind is refused', async () => {
    const message = 'RangeError: source: expected gzip: cut off, or damaged'
    const packed = Uint8Array.from(gzipSync(file.slice(0, 20_000)))
    const flipped = packed.slice()
    flipped[packed.length - 6] ^= 1
    const files = [
      ...[3, 9, 10, 11, 1000, packed.length - 8, packed.length - 1].map((end) => packed.slice(0, end)),
      join(packed, packed.slice(0, 20)),
      join(packed, encode('something')),
      flipped,
    ]
    for (const damaged of files) {
      for (const size of [1, 2 ** 20]) {
        expect(await outcome(() => readCsv(cut(damaged, size)))).toBe(message)
        await expect(batched(cut(damaged, size))).rejects.toThrow('expected gzip: cut off, or damaged')
      }
    }
  })

  it('left early, its source is closed, which was read no further than needed', async () => {
    let isClosed = false
    let chunks = 0
    const packed = gzipSync(`a\n${'1\n'.repeat(1000)}`, { level: 0 })
    function* source(): Generator<Uint8Array> {
      try {
        for (;;) {
          chunks += 1
          yield packed
        }
      } finally {
        isClosed = true
      }
    }
    for await (const { rows } of csvBatches(source(), { batchRows: 100, kinds: { a: 'number' } })) {
      expect(rows).toBe(100)
      break
    }
    expect(isClosed).toBe(true)
    expect(chunks).toBeLessThan(20)
  })

  it('left early, a source that waits for ever is not waited for', async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield gzipSync('a\n1\n2\n3\n')
      yield gzipSync('4\n5\n6\n'.repeat(1000))
      await new Promise(() => undefined)
    }
    for await (const { rows } of csvBatches(source(), { batchRows: 2 })) {
      expect(rows).toBe(2)
      break
    }
  })

  it('an error of the source comes out as it is, and one of the file closes the source', async () => {
    const disk = new Error('disk')
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(gzipSync(file).subarray(0, 1000))
      throw disk
    }
    await expect(readCsv(broken())).rejects.toBe(disk)
    let isClosed = false
    function* damaged(): Generator<Uint8Array> {
      try {
        yield Uint8Array.of(0x1f, 0x8b, 0x08, 0xff)
        for (;;) yield new Uint8Array(1000).fill(0xff)
      } finally {
        isClosed = true
      }
    }
    await expect(readCsv(damaged())).rejects.toThrow('source: expected gzip: cut off, or damaged')
    expect(isClosed).toBe(true)
  })

  it('is refused by parseCsv, as a text, within gzip, and where nothing unpacks', async () => {
    const packed = gzipSync('a\n1\n')
    expect(() => parseCsv(packed)).toThrow(
      new RangeError('source: expected rows as text, got gzip; readCsv and csvBatches unpack it'),
    )
    for (const encoding of ['utf8', 'latin1'] as const) {
      const message = 'source: expected rows as text, got gzip that was read as text; give its bytes'
      expect(() => parseCsv(packed.toString(encoding))).toThrow(new RangeError(message))
      await expect(readCsv(packed.toString(encoding))).rejects.toThrow(new RangeError(message))
    }
    await expect(readCsv(gzipSync(packed))).rejects.toThrow('got gzip within gzip; unpack it')
    await expect(readCsv([packed.subarray(0, 9), any('x')])).rejects.toThrow(
      new TypeError('source: expected bytes behind those of gzip, got "x"'),
    )
    vi.stubGlobal('DecompressionStream', undefined)
    await expect(readCsv(packed)).rejects.toThrow(
      'source: expected an unpacked file, as there is no DecompressionStream here, got gzip',
    )
  })

  it('unpacks to chunks of UTF-8 for other formats', async () => {
    const chunks: Uint8Array[] = []
    const lines = '{"a":"ö"}\n{"a":1}\n'
    for await (const chunk of utf8Chunks(cut(gzipSync(utf16(`\ufeff${lines}`)), 5)))
      chunks.push(chunk.slice())
    expect(new TextDecoder().decode(join(...chunks))).toBe(lines)
    const latinChunks: Uint8Array[] = []
    for await (const chunk of utf8Chunks(cut(bytesOf('{"a":"\xf6"}\n'), 3), 'latin1'))
      latinChunks.push(chunk.slice())
    expect(new TextDecoder().decode(join(...latinChunks))).toBe('{"a":"ö"}\n')
  })
})

describe('files that are no rows as text', () => {
  const cases: [what: string, start: string][] = [
    ['a zip archive, as xlsx and ods are; unpack it, or save the sheet as CSV (UTF-8)', 'PK\x03\x04\x14\0'],
    ['an old Office file, as xls is; save the sheet as CSV (UTF-8)', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
    ['Parquet; write it as CSV, in pandas with to_csv', 'PAR1\x15\x04\x15'],
    ['an Arrow file, as Feather is; write it as CSV, in pandas with to_csv', 'ARROW1\0\0'],
    ['HDF5; write its table as CSV, in pandas with to_csv', '\x89HDF\r\n\x1a\n'],
    ['an array of NumPy; write it as CSV, with numpy.savetxt', '\x93NUMPY\x01\0v\0'],
    ['a pickle of Python; write it as CSV, in pandas with to_csv', '\x80\x04\x95\x1c\0\0\0'],
    ['a database of SQLite; write its table as CSV, with .mode csv', 'SQLite format 3\0\x10\0'],
    ['a PDF; save the table as CSV (UTF-8)', '%PDF-1.7\n%\xe2\xe3'],
    ['bzip2; unpack it', 'BZh91AY&SY\x01'],
    ['xz; unpack it', '\xfd7zXZ\0\0\x04'],
    ['zstd; unpack it', '(\xb5/\xfd\x04\0'],
    ['a 7z archive; unpack it', '7z\xbc\xaf\x27\x1c\0\x04'],
    ['a tar archive; unpack it', `data.csv${'\0'.repeat(249)}ustar\x0000`],
    [
      'HTML, a page; give the file that it links to, in its raw form, or save the table as CSV',
      '\n  <!DOCTYPE html>\n<html lang="en">',
    ],
    [
      'HTML, a page; give the file that it links to, in its raw form, or save the table as CSV',
      '\xef\xbb\xbf<html><table>',
    ],
    ['XML; save the table as CSV (UTF-8)', '<?xml version="1.0"?>\n<Workbook>'],
    ['JSON; give the model what JSON.parse makes of it', '[{"a": 1}, {"a": 2}]'],
    ['JSON; give the model what JSON.parse makes of it', '{"a": 1}\n{"a": 2}\n'],
  ]
  it.each(cases)('%s', async (what, start) => {
    const message = `RangeError: source: expected rows as text, got ${what}`
    const bytes = join(bytesOf(start), new Uint8Array(100))
    expect(await outcome(() => parseCsv(bytes))).toBe(message)
    // Where a tar archive says that it is one is far from its first bytes.
    for (const size of what.includes('tar') ? [300, 1000] : [1, 3, 1000]) {
      expect(await outcome(() => readCsv(cut(bytes, size)))).toBe(message)
      expect(await outcome(() => readCsv(cut(gzipSync(bytes), 1000)))).toBe(message)
    }
  })

  it.each(cases)('read as a text: %s', async (what, start) => {
    if (/^(zstd|7z)/.test(what)) return
    const text = new TextDecoder().decode(bytesOf(start))
    const message = `RangeError: source: expected rows as text, got ${what}`
    expect(await outcome(() => parseCsv(text))).toBe(message)
    expect(await outcome(() => readCsv(text))).toBe(message)
  })

  it('UTF-16 that was read as UTF-8 or Latin-1', () => {
    for (const encoding of ['utf8', 'latin1'] as const) {
      const text = Buffer.from(utf16('\ufeffa,b\n1,2\n')).toString(encoding)
      expect(() => parseCsv(text)).toThrow(
        'source: expected rows as text, got UTF-16 that was read as another encoding; give its bytes',
      )
    }
  })

  it('names that begin as those do are names', async () => {
    for (const name of [
      'PAR1',
      'PK',
      'BZh9',
      '%PDF',
      'ORC',
      'RDX3',
      '<a>',
      '<',
      '[',
      '{a',
      'ustar',
      'Obj',
      '7z',
      'Rar!',
    ]) {
      expect(plain(parseCsv(`${name},b\n1,2\n`))).toEqual({ [name]: [1], b: [2] })
      expect(plain(await readCsv(cut(encode(`${name},b\n1,2\n`), 1)))).toEqual({ [name]: [1], b: [2] })
    }
  })
})

describe('what is given in the place of bytes', () => {
  const buffer = new ArrayBuffer(4)
  const view = '; new Uint8Array(array.buffer, array.byteOffset, array.byteLength) has its bytes'
  const cases: [string, unknown][] = [
    ['an ArrayBuffer; new Uint8Array(buffer) has its bytes', buffer],
    ['a SharedArrayBuffer; new Uint8Array(buffer) has its bytes', new SharedArrayBuffer(4)],
    [`a DataView${view}`, new DataView(buffer)],
    [`an Int8Array${view}`, new Int8Array(4)],
    [`a Float64Array${view}`, new Float64Array(4)],
    ['a Promise; await it', Promise.resolve('a\n1\n')],
    ['a URL; give what is there', new URL('file:///a.csv')],
    [
      'a Response; new Uint8Array(await response.arrayBuffer()) has its bytes',
      { [Symbol.toStringTag]: 'Response' },
    ],
    ['an object', {}],
    ['undefined', undefined],
  ]
  it.each(cases)('%s', async (got, value) => {
    expect(() => parseCsv(any(value))).toThrow(
      new TypeError(`source: expected text or a Uint8Array, got ${got}`),
    )
    await expect(readCsv(any(value))).rejects.toThrow(
      new TypeError(`source: expected text, a Uint8Array or a stream of them, got ${got}`),
    )
  })

  it('a Blob is one for readCsv', () => {
    expect(() => parseCsv(any(new Blob(['a\n'])))).toThrow(
      'source: expected text or a Uint8Array, got a Blob; readCsv reads it',
    )
  })

  it.each(['data.csv', 'data.csv.gz', 'prices.xlsx', './a b/x.tsv', 'x.parquet', 'x.txt.zip'])(
    'the name %s',
    (name) => {
      expect(() => parseCsv(name)).toThrow(`source: expected what a file has in it, got its name, "${name}"`)
    },
  )
})
