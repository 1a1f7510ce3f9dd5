import fc from '../support/fast-check.js'
import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { describe, expect, it } from 'vitest'
import { parseNumber } from '../../src/data/csv-number.js'
import type { CsvBatchOptions, CsvOptions, Missing } from '../../src/data/csv-options.js'
import type { Chunk, CsvSource } from '../../src/data/csv-source.js'
import { csvBatches, parseCsv, readCsv } from '../../src/data/csv.js'
import type { Table } from '../../src/data/table.js'
import { cut, encode, outcomeOf, plain } from '../support/csv.js'

/** What a caller without types might pass. */
const any = (value: unknown): never => value as never
async function allBatches(source: CsvSource, options?: CsvBatchOptions): Promise<Table[]> {
  const tables: Table[] = []
  for await (const table of csvBatches(source, options)) tables.push(table)
  return tables
}

/** The columns, or the error. */
async function outcome(read: () => Table | Promise<Table>): Promise<unknown> {
  try {
    return plain(await read())
  } catch (error) {
    return String(error)
  }
}

describe('what is read', () => {
  const cases: [string, string, CsvOptions, Record<string, unknown[]>][] = [
    ['numbers and texts', 'a,b\n1,x\n2.5,y\n', {}, { a: [1, 2.5], b: ['x', 'y'] }],
    ['no line feed at the end', 'a,b\n1,2', {}, { a: [1], b: [2] }],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n', {}, { a: [1, 3], b: [2, 4] }],
    ['a byte order mark', '\ufeffa\n1\n', {}, { a: [1] }],
    ['a byte order mark within is text', 'a\n\ufeff1\n', {}, { a: ['\ufeff1'] }],
    ['lines without a byte are none', '\n\r\na,b\n\n1,2\r\n\r\n3,4\n\n', {}, { a: [1, 3], b: [2, 4] }],
    [
      'doubled quotes, delimiters, breaks',
      'a,b\n"x ""y"", z","1\r\n2\n"\n',
      {},
      { a: ['x "y", z'], b: ['1\r\n2\n'] },
    ],
    ['numbers in quotes, with blanks', 'a,b\n"1", 2\t\n', {}, { a: [1], b: [2] }],
    ['texts keep their blanks', 'a\n x \n', {}, { a: [' x '] }],
    ['without names', '1;x\n2;y\n', { header: false, delimiter: ';' }, { 1: [1, 2], 2: ['x', 'y'] }],
    ['tabs', 'a\tb\n1\t2\n', { delimiter: '\t' }, { a: [1], b: [2] }],
    ['names only', 'a,b\n', {}, { a: [], b: [] }],
    ['texts make texts of the numbers before', 'a\n007\n1.50\nx\ny\n', {}, { a: ['007', '1.50', 'x', 'y'] }],
    ['a kind that is given', 'a,b\n1,2\n', { kinds: { a: 'text' } }, { a: ['1'], b: [2] }],
    [
      'missing, kept',
      'a,b,c\n?,x,\nNA,,\n3, NaN ,""\n',
      { missing: 'keep' },
      { a: [NaN, NaN, 3], b: ['x', '', ''], c: [NaN, NaN, NaN] },
    ],
    ['missing, dropped', 'a,b\n1,x\n?,y\n3,\n4,z\n?,\n', { missing: 'drop' }, { a: [1, 4], b: ['x', 'z'] }],
    ['missing, a number', 'a,b\n?,x\n2,?\n', { missing: -1 }, { a: [-1, 2], b: ['x', ''] }],
    [
      'what is missing is given',
      'a,b\n-999,1\nNA,2\n',
      { missing: 'keep', missingValues: ['-999'] },
      { a: ['', 'NA'], b: [1, 2] },
    ],
    [
      'numbers that are missing, before the last column',
      'a,b\n-999,1\n4,2\n',
      { missing: 'keep', missingValues: ['-999'] },
      { a: [NaN, 4], b: [1, 2] },
    ],
    ['nothing is missing', 'a\n""\nNA\n', { missingValues: [] }, { a: ['', 'NA'] }],
    ['other languages', 'größe,名\n1,数\n', {}, { größe: [1], 名: ['数'] }],
  ]
  it.each(cases)('%s', async (_, text, options, expected) => {
    expect(plain(parseCsv(text, options))).toEqual(expected)
    expect(plain(parseCsv(encode(text), options))).toEqual(expected)
    expect(plain(await readCsv(Array.from(text), options))).toEqual(expected)
  })

  it('a table has rows, and numbers as a Float64Array of that length', () => {
    const { rows, columns } = parseCsv('a,b\n1,x\n2,y\n3,z\n')
    expect(rows).toBe(3)
    expect(columns).toEqual([
      { name: 'a', kind: 'number', values: Float64Array.of(1, 2, 3) },
      { name: 'b', kind: 'text', values: ['x', 'y', 'z'] },
    ])
  })

  it('sources are texts, bytes, arrays, generators and streams of them', async () => {
    const chunks: Chunk[] = ['a,b\n1', encode(',😀\n2,'), '\ud83d', '\ude00\n']
    async function* later(): AsyncGenerator<Chunk> {
      for (const chunk of chunks) yield await Promise.resolve(chunk)
    }
    const stream = (): ReadableStream<Chunk> =>
      new ReadableStream({
        start(controller) {
          for (const chunk of chunks) controller.enqueue(chunk)
          controller.close()
        },
      })
    const unlikeOthers = stream()
    Object.defineProperty(unlikeOthers, Symbol.asyncIterator, { value: undefined })
    const only = { getReader: () => unlikeOthers.getReader() } as ReadableStream<Chunk>
    for (const source of [chunks, later(), stream(), only]) {
      expect(plain(await readCsv(source))).toEqual({ a: [1, 2], b: ['😀', '😀'] })
    }
  })

  it('a source may use its buffer again', async () => {
    function* chunks(): Generator<Uint8Array> {
      const buffer = encode('a\n01\n02\n')
      yield buffer
      buffer.set(encode('x\nyy\nzz\n'))
      yield buffer
    }
    expect(plain(await readCsv(chunks()))).toEqual({ a: ['01', '02', 'x', 'yy', 'zz'] })
  })
})

describe('batches', () => {
  it('have so many rows, the last one what is left', async () => {
    const tables = await allBatches('a,b\n1,u\n2,v\n3,w\n4,x\n5,y\n', { batchRows: 2 })
    expect(tables.map(plain)).toEqual([
      { a: [1, 2], b: ['u', 'v'] },
      { a: [3, 4], b: ['w', 'x'] },
      { a: [5], b: ['y'] },
    ])
    expect(tables.map(({ rows }) => rows)).toEqual([2, 2, 1])
  })

  it('a file without rows has none', async () => {
    expect(await allBatches('a,b\n')).toEqual([])
  })

  it('the first one decides the kinds, a text in its last row too', async () => {
    const tables = await allBatches('a,b\n01,1\nx,2\n03,3\n', { batchRows: 2 })
    expect(tables.map(plain)).toEqual([
      { a: ['01', 'x'], b: [1, 2] },
      { a: ['03'], b: [3] },
    ])
  })

  it('a text in a column of numbers is an error later on, after the batches before', async () => {
    const rows: number[] = []
    const read = async (): Promise<void> => {
      for await (const table of csvBatches('a\n1\n2\n3\nx\n', { batchRows: 2 })) rows.push(table.rows)
    }
    await expect(read()).rejects.toThrow('line 5, column a: expected a number, got "x"')
    expect(rows).toEqual([2])
  })

  it('no more of a source is read than wanted, and it is closed', async () => {
    let isClosed = false
    let chunks = 0
    function* endless(): Generator<string> {
      try {
        for (;;) yield ++chunks === 1 ? 'a\n' : '1\n'
      } finally {
        isClosed = true
      }
    }
    for await (const { rows } of csvBatches(endless(), { batchRows: 3 })) {
      expect(rows).toBe(3)
      break
    }
    expect([isClosed, chunks]).toEqual([true, 4])
  })
})

describe('errors', () => {
  const long = 'x'.repeat(50)
  const cases: [string, string | Uint8Array, CsvOptions?][] = [
    [
      'RangeError: line 3, column b: expected a number, got "abc"',
      'a,b\n1,2\n3,abc\n',
      { kinds: { b: 'number' } },
    ],
    ['RangeError: line 2, column a: expected a number, got "0x10"', 'a\n0x10\n', { kinds: { a: 'number' } }],
    [
      `RangeError: line 2, column a: expected a number, got "${long.slice(0, 40)}…"`,
      `a\n${long}`,
      { kinds: { a: 'number' } },
    ],
    [
      'RangeError: line 4, column 2: expected a number, got "x"',
      '\n"1\n",3\n1,x',
      { header: false, kinds: { 2: 'number' } },
    ],
    [
      'RangeError: line 3, column b: expected a value, got "NA", a missing one; missing: \'drop\' leaves out such rows',
      'a,b\n1,2\n3, NA\n',
    ],
    [
      'RangeError: line 2, column a: expected a value, got "", a missing one; missing: \'drop\' leaves out such rows',
      'a,b\n,2',
    ],
    ['RangeError: line 3: expected 2 fields, got 1', 'a,b\n1,2\n3\n'],
    ['RangeError: line 2: expected 2 fields, got 4', 'a,b\n1,2,3,4\n'],
    ['RangeError: line 2: expected 1 field, got 2', 'a\n1,2\n'],
    ['RangeError: line 1: expected columns of different names, got a twice', 'a,b,a\n1,2,3\n'],
    [
      'RangeError: line 2, column b: expected quotes around the whole field or none, got one within',
      'a,b\n1,x"y"\n',
    ],
    [
      'RangeError: line 2, column a: expected a delimiter or the end of the line after the closing quote, got "2"',
      'a,b\n"1"2,3\n',
    ],
    [
      'RangeError: line 1, column 1: expected a delimiter or the end of the line after the closing quote, got the byte 0x20',
      '"a" ,b\n',
    ],
    ['RangeError: line 2, column b: expected a closing quote, got the end', 'a,b\n1,"2\n3,4\n'],
    ['RangeError: line 2, column a: expected a line feed after the carriage return, got "2"', 'a\n1\r2\r3\n'],
    ['RangeError: line 2, column a: expected a line feed after the carriage return, got the end', 'a\n1\r'],
    [
      'RangeError: line 3, column "a b\\u0000": expected a number, got "x"',
      'a b\0\n1\nx',
      { kinds: { 'a b\0': 'number' } },
    ],
    [
      'RangeError: line 2, column b: expected UTF-8, got "\ufffd"; encoding: \'latin1\' reads it as Windows-1252',
      Uint8Array.of(0x61, 0x2c, 0x62, 0x0a, 0x31, 0x2c, 0xe9),
    ],
    [
      'RangeError: line 1, column 1: expected UTF-8, got "\ufffd"; encoding: \'latin1\' reads it as Windows-1252',
      Uint8Array.of(0xe9, 0x0a),
    ],
    ['RangeError: source: expected a line with the names of the columns, got none', '\n'],
    ['RangeError: source: expected at least one line, got none', '', { header: false }],
    [
      'RangeError: line 3: expected at most 8 bytes (maxLineBytes), got more',
      'a\n12345678\n123456789\n',
      { maxLineBytes: 8 },
    ],
    [
      'RangeError: line 3: expected at most 8 bytes (maxLineBytes), got more',
      'a\r\n12345678\r\n123456789\r\n',
      { maxLineBytes: 8 },
    ],
    [
      'RangeError: line 2: expected at most 8 bytes (maxLineBytes), got more',
      'a,b\n"1\n2\n3\n4",5\n',
      { maxLineBytes: 8 },
    ],
    [
      'RangeError: source: expected a table of at most 99999 bytes (maxBytes), got a larger one',
      `a,b\n${'1,2\n'.repeat(10_000)}`,
      { maxBytes: 99_999, kinds: { a: 'number', b: 'number' } },
    ],
    [
      'RangeError: source: expected a table of at most 99999 bytes (maxBytes), got a larger one',
      `a\n${'text\n'.repeat(4_000)}`,
      { maxBytes: 99_999 },
    ],
    [
      'RangeError: source: expected a table of at most 99999 bytes (maxBytes), got a larger one',
      ','.repeat(1000),
      { maxBytes: 99_999 },
    ],
    ['RangeError: kinds: expected columns of the file (a, b), got c', 'a,b\n1,2\n', { kinds: { c: 'text' } }],
    [
      'RangeError: options: expected one of header, columns, delimiter, decimal, thousands, missing, missingValues, kinds, encoding, maxLineBytes, maxBytes, got "separator"; did you mean delimiter?',
      'a',
      any({ separator: ';' }),
    ],
    ['TypeError: header: expected true or false, got 1', 'a', any({ header: 1 })],
    [
      'RangeError: delimiter: expected one ASCII character, no letter, digit, point, sign, quote or line break, got ".."',
      'a',
      { delimiter: '..' },
    ],
    [
      'TypeError: delimiter: expected one ASCII character, no letter, digit, point, sign, quote or line break, got 59',
      'a',
      any({ delimiter: 59 }),
    ],
    ['RangeError: missing: expected one of error, drop, keep, got "mean"', 'a', any({ missing: 'mean' })],
    ['RangeError: missing: expected a number, got NaN', 'a', { missing: NaN }],
    ['TypeError: missingValues: expected an array of texts, got "NA"', 'a', any({ missingValues: 'NA' })],
    ['TypeError: missingValues[1]: expected a text, got 0', 'a', any({ missingValues: ['NA', 0] })],
    ['RangeError: missingValues[0]: expected no blanks around it, got " "', 'a', { missingValues: [' '] }],
    ['TypeError: kinds: expected an object, got an array', 'a', any({ kinds: ['text'] })],
    ['RangeError: kinds.a: expected one of number, text, got "date"', 'a', any({ kinds: { a: 'date' } })],
    ['RangeError: maxLineBytes: expected an integer >= 1 and <= 1073741824, got 0', 'a', { maxLineBytes: 0 }],
    ['RangeError: maxBytes: expected an integer >= 1, got 0', 'a', { maxBytes: 0 }],
  ]
  it.each(cases)('%s', async (message, source, options) => {
    const bytes = typeof source === 'string' ? encode(source) : source
    expect(await outcome(() => parseCsv(source, options))).toBe(message)
    expect(await outcome(() => readCsv(source, options))).toBe(message)
    expect(await outcome(() => readCsv(cut(bytes, [...bytes.keys()]), options))).toBe(message)
  })

  it('sources and batches', async () => {
    expect(() => parseCsv(any(['a']))).toThrow(
      new TypeError('source: expected text or a Uint8Array, got an array; readCsv reads it'),
    )
    const name = 'source: expected what a file has in it, got its name, "examples/data/iris.csv"'
    const [whole, piecewise] = ['readFileSync', 'createReadStream'].map(
      (reads) => new RangeError(`${name}; ${reads}(…) of node:fs reads it`),
    )
    expect(() => parseCsv('examples/data/iris.csv')).toThrow(whole)
    await expect(readCsv('examples/data/iris.csv')).rejects.toThrow(piecewise)
    await expect(csvBatches('examples/data/iris.csv').next()).rejects.toThrow(piecewise)
    for (const [source, got] of [
      [new ReadableStream(), 'a ReadableStream; readCsv reads it'],
      [Readable.from(['a']), 'an object; readCsv reads it'],
      [Promise.resolve('a'), 'a Promise; await it'],
    ] as const) {
      expect(() => parseCsv(any(source))).toThrow(
        new TypeError(`source: expected text or a Uint8Array, got ${got}`),
      )
    }
    await expect(readCsv(any(Promise.resolve('a')))).rejects.toThrow(
      new TypeError('source: expected text, a Uint8Array or a stream of them, got a Promise; await it'),
    )
    expect(() => parseCsv('a', any({ kinds: new Map([['a', 'text']]) }))).toThrow(
      new TypeError('kinds: expected an object, got a Map'),
    )
    await expect(readCsv(any(7))).rejects.toThrow(
      new TypeError('source: expected text, a Uint8Array or a stream of them, got 7'),
    )
    await expect(readCsv(any({}))).rejects.toThrow(
      'source: expected text, a Uint8Array or a stream of them, got an object',
    )
    await expect(readCsv(any(['a\n', 7]))).rejects.toThrow(
      new TypeError('source: expected chunks of text or Uint8Arrays, got 7'),
    )
    expect(() => csvBatches('a', { batchRows: 0 })).toThrow(
      new RangeError('batchRows: expected an integer >= 1, got 0'),
    )
  })

  it('an error of the source is the reader’s, and an endless line ends', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield await Promise.resolve('a\n1\n')
      throw new Error('disk')
    }
    await expect(readCsv(broken())).rejects.toThrow('disk')
    function* endless(): Generator<string> {
      for (;;) yield 'x'.repeat(5000)
    }
    await expect(readCsv(endless())).rejects.toThrow(
      'line 1: expected at most 1048576 bytes (maxLineBytes), got more',
    )
  })
})

/** Whether a text is an integer that f64 does not have exactly, which is refused. */
const isInexact = (text: string): boolean =>
  /^[+-]?\d+$/.test(text) && BigInt(text.replace('+', '')) !== BigInt(Number(text))

/** Numbers as texts, of all lengths and magnitudes. */
const numerals = fc
  .oneof(
    fc.double({ noNaN: true }).map((value) => (Object.is(value, -0) ? '-0' : String(value))),
    fc.integer().map(String),
    fc.float({ noNaN: true }).map(String),
    fc.stringMatching(/^-?\d{1,24}$/),
    fc.stringMatching(/^[+-]?\d{1,20}\.\d{0,25}$/),
    fc.stringMatching(/^[+-]?\.?\d{1,20}[eE][+-]?\d{1,3}$/),
    fc.stringMatching(/^-?\d{1,17}\.\d{1,6}e-?\d{1,2}$/),
    fc.bigInt({ min: 2n ** 53n - 9n, max: 2n ** 53n + 9n }).map(String),
    fc.constantFrom(
      'Infinity',
      '-Infinity',
      '+Infinity',
      '1e400',
      '-1e-400',
      '4.9e-324',
      '00012',
      '5.',
      '.5',
      '-.5',
    ),
  )
  .filter((text) => !isInexact(text))

describe('numbers are those of Number, to the bit', () => {
  it('in every column', () => {
    const rows = fc.array(fc.tuple(numerals, numerals, numerals), { minLength: 1, maxLength: 50 })
    const property = fc.property(rows, (rows) => {
      const { columns } = parseCsv(`a,b,c\n${rows.map((row) => row.join(',')).join('\n')}\n`)
      for (const [c, { kind, values }] of columns.entries()) {
        expect(kind).toBe('number')
        for (const [r, row] of rows.entries()) {
          if (!Object.is(values[r], Number(row[c]))) expect(`${row[c]} as ${values[r]}`).toBe(Number(row[c]))
        }
      }
    })
    fc.assert(property, { numRuns: 1000, seed: 1 })
  })

  it('halfway between two numbers', () => {
    for (const text of [
      '9007199254740993',
      '9007199254740992.5',
      '1.00000000000000011102230246251565',
      '8.5e-23',
    ]) {
      const bytes = encode(text)
      expect(parseNumber(bytes, 0, bytes.length)).toBe(Number(text))
    }
  })

  it('and other texts are none', () => {
    const parts = fc.array(fc.constantFrom('1', '0', '.', '-', '+', 'e', 'E', 'x', ' ', 'Infinity'), {
      maxLength: 8,
    })
    const isNumber = /^[+-]?(Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)$/
    const property = fc.property(parts, (parts) => {
      const text = parts.join('')
      const bytes = encode(`7${text}7`)
      const expected = isNumber.test(text) ? Number(text) : NaN
      expect([text, parseNumber(bytes, 1, bytes.length - 1)]).toEqual([text, expected])
    })
    fc.assert(property, { numRuns: 10_000, seed: 2 })
  })
})

const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc
    .array(fc.constantFrom('"', ',', '\n', '\r\n', '\r', ';', 'é', '😀', ' ', 'a'), { maxLength: 8 })
    .map((parts) => parts.join('')),
)

/** A field, in quotes where it must be, or may be. */
function field(text: string, inQuotes: boolean): string {
  return inQuotes || text === '' || /["\r\n,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const exactNumbers = fc.double({ noNaN: true }).filter((value) => !isInexact(String(value)))

describe('tables that are written and read', () => {
  const tables = fc.uniqueArray(texts, { minLength: 1, maxLength: 5 }).chain((names) =>
    fc.record({
      names: fc.constant(names),
      isNumber: fc.array(fc.boolean(), { minLength: names.length, maxLength: names.length }),
      rows: fc.array(
        fc.array(fc.tuple(exactNumbers, texts, fc.boolean()), {
          minLength: names.length,
          maxLength: names.length,
        }),
        { maxLength: 12 },
      ),
      lineEnd: fc.constantFrom('\n', '\r\n'),
      start: fc.constantFrom('', '\ufeff'),
      places: fc.array(fc.nat(1000), { maxLength: 12 }),
      batchRows: fc.integer({ min: 1, max: 5 }),
    }),
  )

  it('are the same, however the bytes are cut into chunks', async () => {
    const property = fc.asyncProperty(
      tables,
      async ({ names, isNumber, rows, lineEnd, start, places, batchRows }) => {
        const cells = rows.map((row) => row.map(([value, text], c) => (isNumber[c] ? value : text)))
        const lines = cells.map((row, r) =>
          row.map((cell, c) => field(Object.is(cell, -0) ? '-0' : String(cell), rows[r][c][2])).join(','),
        )
        const header = names.map((name) => field(name, false)).join(',')
        const bytes = encode(start + [header, ...lines].join(lineEnd))
        const kinds = names.map((name, c) => [name, isNumber[c] ? 'number' : 'text'] as const)
        const options: CsvOptions = { delimiter: ',', missingValues: [], kinds: Object.fromEntries(kinds) }
        const expected = kinds.map(([name, kind], c) => {
          const values = cells.map((row) => row[c])
          return { name, kind, values: kind === 'number' ? Float64Array.from(values, Number) : values }
        })
        expect(parseCsv(bytes, options).columns).toEqual(expected)
        expect((await readCsv(cut(bytes, places), options)).columns).toEqual(expected)
        const batches = await allBatches(cut(bytes, places), { ...options, batchRows })
        for (const [c, { values }] of expected.entries()) {
          expect(batches.flatMap(({ columns }) => [...columns[c].values])).toEqual([...values])
        }
        expect(batches.every(({ rows }, i) => rows === batchRows || i === batches.length - 1)).toBe(true)
      },
    )
    await fc.assert(property, { numRuns: 500, seed: 3 })
  })

  it('are recognised, whatever is between their fields and in their numbers', async () => {
    const styles = fc.constantFrom(
      ...[
        { delimiter: ';', decimal: ',', thousands: '.' },
        { delimiter: ';', decimal: ',', thousands: '\u202f' },
        { delimiter: '\t', decimal: ',', thousands: '' },
        { delimiter: '|', decimal: '.', thousands: ',' },
        { delimiter: ';', decimal: '.', thousands: '’' },
        { delimiter: ',', decimal: ',', thousands: '.' },
        { delimiter: ',', decimal: '.', thousands: '' },
      ],
    )
    const rows = fc.array(
      fc.tuple(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }), fc.integer({ min: 1, max: 99 })),
      {
        minLength: 1,
        maxLength: 30,
      },
    )
    const property = fc.asyncProperty(
      styles,
      rows,
      fc.array(fc.nat(1000), { maxLength: 5 }),
      fc.boolean(),
      async ({ delimiter, decimal, thousands }, rows, places, isQuoted) => {
        // A first number of two places leaves no doubt.
        const all: (readonly [number, number])[] = [[1234567, 25], ...rows]
        const lines = all.map(([whole, hundredths], i) => {
          const digits = String(Math.abs(whole)).replace(/\B(?=(\d{3})+$)/g, thousands)
          const number = `${whole < 0 ? '-' : ''}${digits}${decimal}${String(hundredths).padStart(2, '0')}`
          const text = isQuoted || delimiter === decimal || delimiter === thousands ? `"${number}"` : number
          return [text, `t${i}`, String(i)].join(delimiter)
        })
        const bytes = encode([['v', 't', 'i'].join(delimiter), ...lines].join('\n'))
        const expected = {
          v: all.map(([whole, part]) => Number(`${whole}.${String(part).padStart(2, '0')}`)),
          t: all.map((_, i) => `t${i}`),
          i: all.map((_, i) => i),
        }
        const table = await readCsv(cut(bytes, places))
        expect(plain(table)).toEqual(expected)
        expect(parseCsv(bytes)).toEqual(table)
        const batches = await allBatches(cut(bytes, places), { batchRows: 4 })
        expect(batches.flatMap((batch) => plain(batch).v)).toEqual(expected.v)
      },
    )
    await fc.assert(property, { numRuns: 500, seed: 7 })
  })

  it('numbers read through windows and blocks of any fill', async () => {
    const rows = Array.from({ length: 30_000 }, (_, r) => [
      r,
      -(r + 1) / 8,
      r % 7 === 0 ? r : r / 100,
      (r * 7919) % 1000,
    ])
    const text = `a,b,c,d\n${rows.map((row) => row.join(',')).join('\n')}\n`
    for (const table of [parseCsv(text), await readCsv(cut(encode(text), [70_001, 70_002, 300_000]))]) {
      expect(table.rows).toBe(rows.length)
      for (const c of [0, 1, 2, 3]) {
        expect(table.columns[c].values).toEqual(Float64Array.from(rows, (row) => row[c]))
      }
    }
  })
})

describe('damaged files', () => {
  const samples = [
    'a,b,c\n1,2,x\n-3.5,4e3,"y ""z"""\n?,6,\n',
    'a;b\r\n"1";2\r\n3;"4\r\n5"\r\n',
    '\ufeffgröße,名\n1,数\nNA,😀\n7,"\n"\n',
    'sep=;\r\na;b;c;\r\n1.234,5;NA;"x;y";\r\n-3,25;1;-;\r\n0,5;3 €;u;\r\n',
    ',a,b,c\n0,"1,234",NA,9007199254740993\n1,"2.5",-,?\n2,"1,000.25",3,None\n3,7,4,7\n',
    "a\tb|c\n1'234\t5 000\n2\t1 000,5\n-- \tunknown\n",
    Array.from({ length: 20 }, (_, i) => `${i},${i / 7},${i % 3 === 0 ? 'x' : 'y'}\n`).join(''),
  ].map(encode)
  const bits = Array.from('"\n\r,;|\t.-+eENA?1 %€\0é\ufeff\'', encode)
  const changes = fc.array(
    fc.record({
      place: fc.nat(400),
      cut: fc.nat(6),
      put: fc.oneof(fc.constantFrom(...bits), fc.uint8Array({ maxLength: 3 })),
    }),
    { maxLength: 6 },
  )
  const options = fc.record(
    {
      header: fc.boolean(),
      delimiter: fc.constantFrom(',', ';'),
      decimal: fc.constantFrom('.' as const, ',' as const),
      thousands: fc.constantFrom(' ' as const, "'" as const),
      columns: fc.constantFrom(
        ['a', 'c'],
        ['1', '3'],
        ['b'],
        (names: readonly string[]) => names.slice(0, 2),
        (names: readonly string[]) => names.filter((_, i) => i % 2 === 1),
      ),
      missing: fc.constantFrom<Missing[]>('error', 'drop', 'keep', 0.5),
      missingValues: fc.constantFrom([], ['', 'x'], ['1']),
      maxLineBytes: fc.constantFrom(16, 1000),
      maxBytes: fc.constantFrom(8000, 100_000),
    },
    { requiredKeys: ['header', 'missing', 'maxLineBytes', 'maxBytes'] },
  )

  it('are read or refused, in the same way however they are cut', async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(...samples),
      changes,
      options,
      fc.array(fc.nat(400), { maxLength: 8 }),
      async (sample, changes, options, places) => {
        let bytes = sample
        for (const { place, cut, put } of changes) {
          const at = place % (bytes.length + 1)
          bytes = Uint8Array.from([...bytes.subarray(0, at), ...put, ...bytes.subarray(at + cut)])
        }
        const isKnown =
          /^(RangeError|TypeError): (line \d+(, column .+)?|source|columns): expected .+, got .+$/s
        const whole = await outcomeOf(() => parseCsv(bytes, options))
        if (whole.error !== undefined) expect(whole.error).toMatch(isKnown)
        expect(await outcomeOf(() => readCsv(cut(bytes, places), options))).toEqual(whole)
        const batches = async (places: readonly number[]): Promise<unknown> => {
          const tables: unknown[] = []
          try {
            for await (const table of csvBatches(cut(bytes, places), { ...options, batchRows: 3 }))
              tables.push(table)
          } catch (error) {
            expect(String(error)).toMatch(isKnown)
            tables.push(String(error))
          }
          return tables
        }
        expect(await batches(places)).toEqual(await batches([]))
      },
    )
    await fc.assert(property, { numRuns: 1000, seed: 4 })
  })
})
