import { describe, expect, it } from 'vitest'
import type { CsvBatchOptions, CsvOptions } from '../../src/data/csv-options.js'
import { parseCsv } from '../../src/data/csv.js'
import { errorDetails, errorText, type Remedy } from '../../src/base/argument-error.js'
import { allBatches, encode, plain, readAll } from '../support/csv.js'

const lines = (name: string, values: readonly string[]): string => `${name}\n${values.join('\n')}\n`

describe('marks of missing values', () => {
  const everywhere =
    '? #N/A #NA <NA> N/A n/a NULL null NaN nan -NaN -nan #NULL! #DIV/0! #VALUE! #REF! #NUM! #NAME?'.split(' ')
  const amongNumbers = 'NA None - -- 1.#IND 1.#QNAN -1.#IND -1.#QNAN'.split(' ')

  it.each(['', '#N/A N/A', ...everywhere])('%j, in columns of either kind', async (mark) => {
    const text = `n,t\n1,x\n ${mark} ,${mark}\n3,y\n`
    expect(await readAll(text, { missing: 'keep' })).toEqual({
      columns: { n: [1, NaN, 3], t: ['x', '', 'y'] },
    })
    expect(await readAll(text, { missing: 'drop' })).toEqual({
      columns: { n: [1, 3], t: ['x', 'y'] },
      numbers: [1, 3],
    })
    const { error } = await readAll(text)
    expect(error).toContain(`line 3, column n: expected a value, got ${JSON.stringify(mark)}, a missing one`)
  })

  it.each(amongNumbers)('%s, among numbers alone', async (mark) => {
    const text = `n,t\n1,x\n${mark},${mark}\n3,y\n`
    const notes = [`column t keeps one text "${mark}", which stands for missing values among numbers`]
    expect(await readAll(text, { missing: 'keep' })).toEqual({
      columns: { n: [1, NaN, 3], t: ['x', mark, 'y'] },
      notes,
    })
    expect(await readAll(text, { missing: 'drop' })).toEqual({
      columns: { n: [1, 3], t: ['x', 'y'] },
      notes,
      numbers: [1, 3],
    })
    expect(await readAll(text, { missing: -1 })).toMatchObject({ columns: { n: [1, -1, 3] } })
    const { error } = await readAll(text)
    expect(error).toContain(`line 3, column n: expected a value, got "${mark}", a missing one`)
  })

  it('a country NA among texts is one, before and behind the others', async () => {
    for (const values of [
      ['NA', 'DE', 'FR', 'NA'],
      ['DE', 'NA', 'NA', 'FR'],
    ]) {
      expect(await readAll(lines('c', values))).toEqual({
        columns: { c: values },
        notes: ['column c keeps 2 texts such as "NA", which stand for missing values among numbers'],
      })
    }
    expect(await readAll('c\nNA\n7\nDE\nNA\n', { kinds: { c: 'text' } })).toEqual({
      columns: { c: ['NA', '7', 'DE', 'NA'] },
    })
  })

  it('in a column of a given kind they are what that says', async () => {
    const { error } = await readAll('n\nNA\n1\n', { kinds: { n: 'number' } })
    expect(error).toContain('line 2, column n: expected a value, got "NA", a missing one')
  })

  it('a column of marks alone is one of numbers', async () => {
    expect(await readAll('n,x\nNA,1\n-,2\n', { missing: 'keep' })).toEqual({
      columns: { n: [NaN, NaN], x: [1, 2] },
    })
  })

  it('the error is that of the first line, whatever the column', async () => {
    const { error } = await readAll('a,b\n1,1\n2,NA\n-,3\n')
    expect(error).toContain('line 3, column b: expected a value, got "NA", a missing one')
    expect((await readAll('a,b\n1,1\n2,NA\n,3\n')).error).toContain(
      'line 4, column a: expected a value, got ""',
    )
  })

  it('given, they count in columns of either kind, and no others do', async () => {
    const options: CsvOptions = { missing: 'keep', missingValues: ['NA', '-999'] }
    expect(await readAll('n,t\n1,x\nNA,NA\n-999,?\n', options)).toEqual({
      columns: { n: [1, NaN, NaN], t: ['x', '', '?'] },
    })
  })

  it('batches: decided by the first', async () => {
    const read = async (text: string, options: CsvBatchOptions): Promise<Record<string, unknown[]>[]> =>
      (await allBatches([encode(text)], options)).map(plain)
    expect(await read('n\n1\nNA\n3\nNA\n5\n', { missing: 'drop', batchRows: 2 })).toEqual([
      { n: [1, 3] },
      { n: [5] },
    ])
    expect(await read('t\nNA\nx\nNA\n1\n', { batchRows: 2 })).toEqual([
      { t: ['NA', 'x'] },
      { t: ['NA', '1'] },
    ])
    await expect(read('n\n1\n2\nNA\n', { batchRows: 2 })).rejects.toThrow(
      'line 4, column n: expected a value, got "NA"',
    )
    await expect(read('n\nNA\n2\n', { batchRows: 1 })).rejects.toThrow(
      'line 2, column n: expected a value, got "NA"',
    )
  })
})

describe('integers', () => {
  it.each([
    '9007199254740993',
    '-9007199254740993',
    '+12345678901234567891',
    '0009007199254740995',
    '1'.repeat(500),
  ])('%s is refused', async (integer) => {
    const shown = JSON.stringify(integer.length > 40 ? `${integer.slice(0, 40)}…` : integer)
    const error =
      `RangeError: line 3, column id: expected an integer that a number has exactly, got ${shown}; ` +
      "kinds: { id: 'text' } takes all for texts, columns leaves it out"
    expect(await readAll(`id,x\n1,1\n${integer},2\n`)).toEqual({ error })
    expect(await readAll(`id,x\n1,1\n${integer},2\n`, { kinds: { id: 'number' } })).toEqual({ error })
    expect(await readAll(`id,x\n1,1\n${integer},2\n`, { kinds: { id: 'text' } })).toEqual({
      columns: { id: ['1', integer], x: [1, 2] },
    })
    expect(await readAll(`id,x\n1,1\n${integer},2\n`, { columns: ['x'] })).toEqual({ columns: { x: [1, 2] } })
  })

  it('that are exact, and numbers with a point or an exponent, are not', async () => {
    const exact = ['9007199254740991', '9007199254740992', '9007199254740994', '-100000000000000000000']
    const rounded = ['9007199254740993.0', '9.007199254740993e15', '12345678901234567891.5']
    expect(await readAll(lines('v', [...exact, ...rounded]))).toEqual({
      columns: { v: [...exact, ...rounded].map(Number) },
    })
  })

  it('with thousands too', async () => {
    const { error } = await readAll('v;w\n9.007.199.254.740.993;1\n1,5;2\n')
    expect(error).toContain('line 2, column v: expected an integer that a number has exactly')
  })

  it('among texts are texts', async () => {
    const values = ['9007199254740993', 'x17', '9007199254740992', 'y']
    expect(await readAll(lines('id', values))).toEqual({ columns: { id: values } })
  })
})

describe('a column most of whose values are numbers', () => {
  const numbers = Array.from({ length: 98 }, (_, i) => String(i))

  const cases: [string, string[], string, Remedy[]][] = [
    [
      'some words',
      [...numbers.slice(0, 5), 'unknown', ...numbers.slice(5, 6), 'abc', ...numbers.slice(6)],
      'line 7, column v: expected a number, as in 98 of 100 rows, got "unknown" (also "abc" in line 9)',
      [{ option: 'missingValues', value: ['unknown', 'abc'], effect: 'takes them for missing' }],
    ],
    [
      'one word, again and again',
      ['1', '2', '3', ' unknown', '4', ' unknown'],
      'line 5, column v: expected a number, as in 4 of 6 rows, got " unknown"',
      [{ option: 'missingValues', value: ['unknown'], effect: 'takes it for missing' }],
    ],
    [
      'a word and gaps, which stay missing',
      ['1', '2', '3', '', 'unknown', '?'],
      'line 6, column v: expected a number, as in 3 of 4 rows, got "unknown"',
      [{ option: 'missingValues', value: ['', '?', 'unknown'], effect: 'takes it for missing' }],
    ],
    [
      'more words than one would list',
      [...numbers, 'a', 'b', 'c', 'd'],
      'line 100, column v: expected a number, as in 98 of 102 rows, got "a" (also "b" in line 101)',
      [],
    ],
    [
      'dates among numbers',
      ['1', '2', '5.1.2024'],
      'line 4, column v: expected a number, as in 2 of 3 rows, got "5.1.2024"',
      [{ option: 'missingValues', value: ['5.1.2024'], effect: 'takes it for missing' }],
    ],
    [
      'hexadecimal',
      ['1', '2', '0x10'],
      'line 4, column v: expected a number, as in 2 of 3 rows, got "0x10"',
      [{ option: 'missingValues', value: ['0x10'], effect: 'takes it for missing' }],
    ],
    [
      'English thousands alone',
      ['"1,234"', '"5,678"'],
      'line 2, column v: expected a number, got "1,234"',
      [
        { option: 'decimal', value: ',', effect: 'reads "1,234" as 1.234' },
        { option: 'thousands', value: ',', effect: 'reads "1,234" as 1234' },
      ],
    ],
    [
      'decimal commas and points',
      ['1.5', '"3,5"', '2.5'],
      'line 3, column v: expected a number, as in 2 of 3 rows, got "3,5"',
      [{ option: 'decimal', value: ',', effect: 'reads "3,5" as 3.5' }],
    ],
    [
      'spaces between thousands alone, as telephone numbers',
      ['1 234', '5 678'],
      'line 2, column v: expected a number, got "1 234"',
      [{ option: 'thousands', value: ' ', effect: 'reads "1 234" as 1234' }],
    ],
    ['euros', ['3 €', '4 €'], 'line 2, column v: expected a number without "€", got "3 €"', []],
    [
      'dollars',
      ['$3.50', '$1,200.00'].map((v) => `"${v}"`),
      'line 2, column v: expected a number without "$", got "$3.50"',
      [],
    ],
    [
      'codes',
      ['EUR 3.50', '4.00 EUR'],
      'line 2, column v: expected a number without "EUR", got "EUR 3.50"',
      [],
    ],
    ['per cent', ['3%', '4 %', '5.5%'], 'line 2, column v: expected a number without "%", got "3%"', []],
    ['units', ['70 kg', '81.5 kg'], 'line 2, column v: expected a number without "kg", got "70 kg"', []],
    [
      'some with units',
      ['70', '71', '81.5 kg'],
      'line 4, column v: expected a number without "kg", as in 2 of 3 rows, got "81.5 kg"',
      [],
    ],
  ]
  it.each(cases)('%s', async (_, values, fact, remedies) => {
    const text = lines(
      'v,w',
      values.map((value) => `${value},1`),
    )
    const kinds: Remedy = { option: 'kinds', value: { v: 'text' }, effect: 'takes all for texts' }
    let caught: unknown
    try {
      parseCsv(text, { missing: 'keep' })
    } catch (error) {
      caught = error
    }
    const details = errorDetails(caught)
    if (details === undefined) throw new Error(`expected an error, got ${String(caught)}`)
    expect(errorText(details, [])).toBe(fact)
    expect(details.remedies).toEqual([...remedies, kinds])
    expect(await readAll(text, { missing: 'keep' })).toEqual({ error: String(caught) })
    // What helps, helps.
    for (const { option, value } of [...remedies, kinds]) {
      if (option === 'decimal' && fact.includes('3,5')) continue
      expect(await readAll(text, { missing: 'keep', [option]: value })).not.toHaveProperty('error')
    }
  })

  it('words it as the remedies do', async () => {
    expect((await readAll('age,w\n1,1\n2,1\nunknown,1\n')).error).toBe(
      'RangeError: line 4, column age: expected a number, as in 2 of 3 rows, got "unknown"; ' +
        "missingValues: ['unknown'] takes it for missing, kinds: { age: 'text' } takes all for texts",
    )
  })

  it('is one of texts where half are none', async () => {
    expect(await readAll('v\n1\n2\nx\ny\n')).toEqual({ columns: { v: ['1', '2', 'x', 'y'] } })
    expect(await readAll('v\n3a\n10b\n2c\n')).toEqual({ columns: { v: ['3a', '10b', '2c'] } })
    const streets = ['12 Main Street', '7 High Street', '3 Kings Road']
    expect(await readAll(lines('v', streets))).toEqual({ columns: { v: streets } })
  })

  it('counts values of rows that are dropped for other columns', async () => {
    const { error } = await readAll('v,w\n1,?\n2,?\nx,1\n3,2\n', { missing: 'drop' })
    expect(error).toContain('line 4, column v: expected a number, as in 3 of 4 rows, got "x"')
  })

  it('in columns that are not read, or of a kind that is given, is of no interest', async () => {
    expect(await readAll('v,w\n1,1\n2,2\nx,3\n', { columns: ['w'] })).toEqual({ columns: { w: [1, 2, 3] } })
    expect(await readAll('v,w\n1,1\n2,2\nx,3\n', { kinds: { v: 'text' } })).toEqual({
      columns: { v: ['1', '2', 'x'], w: [1, 2, 3] },
    })
  })

  it('is decided by the first batch; a text behind says what helps, too', async () => {
    const options = { batchRows: 2 }
    const source = [encode('v\n1\n2\nx\n')]
    await expect(allBatches(source, options)).rejects.toThrow(
      "line 4, column v: expected a number, got \"x\"; missingValues: ['x'] takes it for missing, kinds: { v: 'text' } takes all for texts",
    )
    const decided = await allBatches([encode('v\n1\nx\n3\n4\n')], options)
    expect(decided.map(plain)).toEqual([{ v: ['1', 'x'] }, { v: ['3', '4'] }])
  })

  it('whatever the number of rows', () => {
    const many = Array.from({ length: 30_000 }, (_, i) => (i % 3 === 0 ? `x${i}` : String(i)))
    expect(() => parseCsv(lines('v', many))).toThrow(
      'line 2, column v: expected a number, as in 20000 of 30000 rows, got "x0"',
    )
    const few = Array.from({ length: 30_000 }, (_, i) => (i % 3 === 0 ? String(i) : `x${i}`))
    expect(parseCsv(lines('v', few)).columns[0].kind).toBe('text')
  })
})
