import { describe, expect, it } from 'vitest'
import type { CsvBatchOptions, CsvOptions } from '../../src/data/csv-options.js'
import { csvBatches, parseCsv, readCsv } from '../../src/data/csv.js'
import { errorDetails } from '../../src/base/argument-error.js'
import { encode, outcomeOf, plain, readAll } from '../support/csv.js'

const readAllOf = async (text: string): Promise<unknown> =>
  await outcomeOf(() => parseCsv(text, { missing: 'keep' }))

describe('delimiters are recognised', () => {
  const semicolons = ['fields are separated by ";"']
  const ab = { a: [1, 3], b: [2, 4] }
  const cases: [string, string, Record<string, unknown[]>, string[]?][] = [
    ['commas, without a note', 'a,b\n1,2\n3,4\n', ab],
    ['semicolons', 'a;b\n1;2\n3;4\n', ab, semicolons],
    ['tabs', 'a\tb\n1\t2\n3\t4\n', ab, [String.raw`fields are separated by "\t"`]],
    ['bars', 'a|b\n1|2\n3|4\n', ab, ['fields are separated by "|"']],
    ['quotes around all', '"a";"b"\r\n"1";"2"\r\n"3";"4"\r\n', ab, semicolons],
    ['commas in texts', 'a;b\nx, y, z;1\nu, v;2\n', { a: ['x, y, z', 'u, v'], b: [1, 2] }, semicolons],
    ['delimiters and breaks in quotes', 'a,b\n"1;2\n;",x\n"3;",y\n', { a: ['1;2\n;', '3;'], b: ['x', 'y'] }],
    ['semicolons in all texts of a comma file', 'a,b\nx;y,1\nu;v,2\n', { a: ['x;y', 'u;v'], b: [1, 2] }],
    ['a bar in the only column', 'a|b\nx\ny\n', { 'a|b': ['x', 'y'] }],
    ['one column', 'a\n1\n2\n', { a: [1, 2] }],
    ['names only', 'a;b\n', { a: [], b: [] }, semicolons],
    ['names with commas', 'l, cm;b, cm\n1;2\n', { 'l, cm': [1], 'b, cm': [2] }, semicolons],
    [
      'commas are decimals where semicolons leave numbers',
      'l, cm;b, cm\n1,5;2,5\n',
      { 'l, cm': [1.5], 'b, cm': [2.5] },
      [...semicolons, 'numbers have a decimal comma, as in "1,5"'],
    ],
    ['blank lines before', '\n\r\na;b\n1;2\n3;4\n', ab, semicolons],
    ['a byte order mark', '\ufeffa;b\n1;2\n3;4\n', ab, semicolons],
    ['sep= and what it says', 'sep=;\na;b\n1;2\n3;4\n', ab, semicolons],
    ['sep= behind a byte order mark', '\ufeffsep=;\r\na;b\r\n1;2\r\n3;4\r\n', ab, semicolons],
    ['SEP=, is no row', 'SEP=,\na,b\n1,2\n3,4\n', ab],
    ['sep= of a character no one would guess', 'sep=:\na:b\n1:2\n3:4\n', ab, ['fields are separated by ":"']],
    ['sep= of a tab', 'sep=\t\na\tb\n1\t2\n3\t4\n', ab, [String.raw`fields are separated by "\t"`]],
    ['sep= of a letter is a name', 'sep=x\n1\n', { 'sep=x': [1] }],
  ]
  it.each(cases)('%s', async (_, text, columns, notes) => {
    expect(await readAll(text)).toEqual({ columns, ...(notes === undefined ? {} : { notes }) })
  })

  it('of a file in which a record has a field more, so that the error is that of the record', async () => {
    const error = 'RangeError: line 5: expected 2 fields, got 3'
    expect(await readAll('a;b\n1;2\n3;4\n5;6\n7;8;9\n')).toEqual({ error })
  })

  it('without names, by what leaves numbers', async () => {
    expect(await readAll('1,5;2,5\n3,5;4,5\n', { header: false })).toEqual({
      columns: { 1: [1.5, 3.5], 2: [2.5, 4.5] },
      notes: ['fields are separated by ";"', 'numbers have a decimal comma, as in "1,5"'],
    })
    expect(await readAll('1,a|b\n2,c|d\n', { header: false })).toEqual({
      columns: { 1: [1, 2], 2: ['a|b', 'c|d'] },
    })
  })

  it('one that is given is not doubted, and its sep= line skipped', async () => {
    expect(await readAll('a;b\n1;2\n', { delimiter: ',' })).toEqual({ columns: { 'a;b': ['1;2'] } })
    expect(await readAll('sep=;\na;b\n1;2\n', { delimiter: ';' })).toEqual({ columns: { a: [1], b: [2] } })
    expect(await readAll('sep=;\n1\n', { delimiter: ',' })).toEqual({ columns: { 'sep=;': [1] } })
  })

  it('lines count those of sep= and those within quotes', async () => {
    const { error } = await readAll('sep=;\na;b\n"1\n";2\n3;x\n', { kinds: { b: 'number' } })
    expect(error).toBe('RangeError: line 5, column b: expected a number, got "x"')
  })

  it('of names beyond 64 KiB, and of a record that the sample cuts', async () => {
    const names = Array.from({ length: 20_000 }, (_, c) => `name${c}`)
    const row = names.map((_, c) => c)
    const text = `${names.join(';')}\n${row.join(';')}\n${row.join(';')}\n`
    for (const table of [parseCsv(text), await readCsv(Array.from(text.match(/[^]{1,5000}/g) ?? []))]) {
      expect([table.rows, table.columns.length, table.columns[19_999].values[1]]).toEqual([2, 20_000, 19_999])
      expect(table.notes).toEqual(['fields are separated by ";"'])
    }
    const long = `a;b\n${`${'x'.repeat(1000)};1\n`.repeat(100)}`
    expect(parseCsv(long).columns.map(({ kind }) => kind)).toEqual(['text', 'number'])
  })

  it('an endless line ends at maxLineBytes, in quotes too, whatever is buffered', async () => {
    for (const text of ['x'.repeat(5000), `"${'x'.repeat(5000)}`]) {
      let pushed = 0
      function* endless(): Generator<string> {
        for (;;) yield ++pushed === 1 ? `a;b\n1;2\n${text}` : 'x'.repeat(5000)
      }
      await expect(readCsv(endless(), { maxLineBytes: 100_000 })).rejects.toThrow(
        'line 3: expected at most 100000 bytes (maxLineBytes), got more',
      )
      expect(pushed).toBeLessThan(60)
    }
  })

  it('quotes that are never closed, and blanks without end, take no longer than other bytes', async () => {
    for (const part of [
      '"'.repeat(500_001),
      `"${'x'.repeat(500_000)}`,
      `${' '.repeat(500_000)}x`,
      'e1'.repeat(300_000),
    ]) {
      const start = performance.now()
      await readAllOf(`a;b\n1;${part}\n2;3\n`)
      expect(performance.now() - start).toBeLessThan(3000)
    }
  })

  it('in memory of maxBytes, sample included', async () => {
    let pushed = 0
    function* endless(): Generator<string> {
      for (;;) yield ++pushed === 1 ? '"' : 'x'.repeat(1000)
    }
    await expect(readCsv(endless(), { maxBytes: 50_000 })).rejects.toThrow(
      'of at most 50000 bytes (maxBytes)',
    )
    expect(pushed).toBeLessThan(60)
  })
})

describe('numbers of other languages are recognised', () => {
  const comma = (example: string): string => `numbers have a decimal comma, as in "${example}"`
  const between = (sign: string, example: string): string =>
    `numbers have ${sign} between thousands, as in "${example}"`
  const cases: [string, string[], number[], string[]?][] = [
    ['points', ['1', '2.5'], [1, 2.5]],
    ['commas', ['3,5', '4', '-0,25'], [3.5, 4, -0.25], [comma('3,5')]],
    ['three places behind a zero', ['0,123', '4'], [0.123, 4], [comma('0,123')]],
    ['four before', ['1234,567'], [1234.567], [comma('1234,567')]],
    [
      'points between thousands',
      ['1.234,56', '7'],
      [1234.56, 7],
      [comma('1.234,56'), between('a point', '1.234,56')],
    ],
    ['1.234 beside commas', ['1.234', '3,5'], [1234, 3.5], [comma('3,5'), between('a point', '1.234')]],
    ['millions', ['1.234.567'], [1234567], [comma('1.234.567'), between('a point', '1.234.567')]],
    ['1.234 alone is a decimal', ['1.234', '2.345'], [1.234, 2.345]],
    ['English thousands', ['1,234.5', '1,234'], [1234.5, 1234], [between('a comma', '1,234.5')]],
    ['English millions', ['1,234,567', '12'], [1234567, 12], [between('a comma', '1,234,567')]],
    ['1,234 beside points', ['1,234', '2.5'], [1234, 2.5], [between('a comma', '1,234')]],
    ['1,234 beside commas', ['1,234', '2,5'], [1.234, 2.5], [comma('2,5')]],
    [
      'French',
      ['1\u202f234,5', '1\u00a0234'],
      [1234.5, 1234],
      [comma('1\u202f234,5'), between('a space', '1\u202f234,5')],
    ],
    ['spaces beside others', ['1 234', '999'], [1234, 999], [between('a space', '1 234')]],
    ['Swiss', ["1'234.50", '1\u2019234'], [1234.5, 1234], [between('an apostrophe', "1'234.50")]],
    ['exponents', ['1,5e3', '2E-2'], [1500, 0.02], [comma('1,5e3')]],
    ['marks between', ['3,5', 'n/a', '-'], [3.5, NaN, NaN], [comma('3,5')]],
  ]
  it.each(cases)('%s', async (_, values, expected, notes) => {
    const text = `k;v\n${values.map((value) => `x;${value}\n`).join('')}`
    expect(await readAll(text, { missing: 'keep' })).toEqual({
      columns: { k: values.map(() => 'x'), v: expected },
      notes: ['fields are separated by ";"', ...(notes ?? [])],
    })
  })

  it('in quotes between commas', async () => {
    expect(await readAll('a,b\n"1,5","2,5"\n"3,5",4\n')).toEqual({
      columns: { a: [1.5, 3.5], b: [2.5, 4] },
      notes: [comma('1,5')],
    })
  })

  it('behind the sample, too', () => {
    const text = `v;w\n${'3,5;1\n'.repeat(1000)}1.234,5;2\n`
    const { columns, notes } = parseCsv(text)
    expect(columns[0].values[1000]).toBe(1234.5)
    expect(notes).toEqual(['fields are separated by ";"', comma('3,5')])
  })

  it('are those of Number, to the bit, of a text with a point', () => {
    for (let i = 0; i < 2000; ++i) {
      const value = Math.sin(i) * 10 ** ((i % 30) - 15)
      const text = String(value)
      const [read] = parseCsv(`v;w\n${text.replace('.', ',')};1\n0,5;1\n`, { decimal: ',' }).columns
      expect(Object.is(read.values[0], value)).toBe(true)
    }
  })

  it('columns that are not read, or texts, tell nothing', async () => {
    const text = 'a;b\n1,5;2.5\n3,5;4.5\n'
    const options: CsvOptions[] = [{ columns: ['b'] }, { columns: (names) => names.slice(1) }]
    for (const option of options) {
      expect(await readAll(text, option)).toEqual({
        columns: { b: [2.5, 4.5] },
        notes: ['fields are separated by ";"'],
      })
    }
    const { columns } = await readAll(text, { kinds: { a: 'text' } })
    expect(columns).toEqual({ a: ['1,5', '3,5'], b: [2.5, 4.5] })
  })

  it('dates, addresses and versions are texts', async () => {
    const { columns } = await readAll('d;i;v\n5.1.2024;10.0.0.1;1.2.3\n6.1.2024;10.0.0.2;1.3.10\n')
    expect(columns).toEqual({
      d: ['5.1.2024', '6.1.2024'],
      i: ['10.0.0.1', '10.0.0.2'],
      v: ['1.2.3', '1.3.10'],
    })
  })

  it('given, groups are checked', () => {
    const read = (value: string, options: CsvOptions): unknown =>
      parseCsv(`v;w\n${value};1\n`, { delimiter: ';', kinds: { v: 'number' }, ...options }).columns[0]
        .values[0]
    const german: CsvOptions = { decimal: ',', thousands: '.' }
    expect(read('-1.234.567,25', german)).toBe(-1234567.25)
    expect(read('+,5', german)).toBe(0.5)
    for (const wrong of [
      '1.23',
      '12.34,5',
      '1234.567',
      '1.234.5',
      '0.123',
      '.123',
      '1.234.',
      '1,2,3',
      '1,5.3',
      '1..234',
    ]) {
      expect(() => read(wrong, german)).toThrow(`line 2, column v: expected a number, got "${wrong}"`)
    }
    expect(read('1 234 567', { thousands: ' ' })).toBe(1234567)
    expect(read("1'234.5", { thousands: "'" })).toBe(1234.5)
    expect(read("1'234,5", { thousands: "'", decimal: ',' })).toBe(1234.5)
    expect(() => read('1.5', { thousands: "'", decimal: ',' })).toThrow('expected a number, got "1.5"')
    expect(read('1,234', { thousands: ',' })).toBe(1234)
    expect(read('1,234', { decimal: ',' })).toBe(1.234)
    expect(read('1.234', { decimal: ',' })).toBe(1234)
    expect(read('1.234', { thousands: '.' })).toBe(1234)
    expect(read('1,5', { thousands: '.' })).toBe(1.5)
  })

  it('options', () => {
    expect(() => parseCsv('a', { decimal: ';' as never })).toThrow('decimal: expected one of ., ,, got ";"')
    expect(() => parseCsv('a', { thousands: '_' as never })).toThrow(
      'thousands: expected one of ., ,,  , \', got "_"',
    )
    expect(() => parseCsv('a', { decimal: ',', thousands: ',' })).toThrow(
      'thousands: expected another character than decimal, got ","',
    )
  })

  it('the first batch is enough, and the batches behind are read likewise', async () => {
    const tables = []
    for await (const table of csvBatches([encode('a;b\n1,5;x\n2,5'), encode(';y\n1.234,5;z\n')], {
      batchRows: 2,
    }))
      tables.push(table)
    expect(tables.map(plain)).toEqual([
      { a: [1.5, 2.5], b: ['x', 'y'] },
      { a: [1234.5], b: ['z'] },
    ])
    expect(tables.map(({ notes }) => notes?.length)).toEqual([2, undefined])
  })
})

describe('what a remedy says', () => {
  /** The options that an error names first. */
  const remedyOf = async (text: string, options: CsvBatchOptions): Promise<CsvBatchOptions> => {
    try {
      for await (const table of csvBatches(text, options)) expect(table.rows).toBeGreaterThan(0)
    } catch (error) {
      const remedy = errorDetails(error)?.remedies?.[0]
      if (remedy !== undefined) return { ...options, [remedy.option]: remedy.value }
    }
    throw new Error('expected an error with remedies')
  }

  it.each([
    ['a,b\n1,2\n,3\n3,4\nunknown,3\n,3\n', 2],
    ['a,b\n1,2\nNA,3\n3,4\nunknown,3\nNA,3\n', 2],
    ['a,b\n1,2\nNA,3\n3,4\nunknown,3\n,3\n5,1\n', 100],
  ])('%j: keeps what was missing before, in batches of %i', async (text, batchRows) => {
    const options = await remedyOf(text, { batchRows, missing: 'keep' })
    for await (const { columns } of csvBatches(text, options)) expect(columns[0].kind).toBe('number')
  })

  it('takes no longer for a field of blanks, and shows but its beginning', () => {
    const field = `x${' '.repeat(2 ** 20 - 100)}y`
    const message = (): unknown => parseCsv(`a\n1\n2\n3\n${field}\n`)
    expect(message).toThrow(/^line 5, column a: expected a number, as in 3 of 4 rows, got "x +…"; kinds: /)
  })
})
