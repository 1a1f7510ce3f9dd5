import { describe, expect, it } from 'vitest'
import { chooseColumns, columnList, columnsOption, resolveColumns } from '../../src/cli/choose-columns.js'
import { commandMessage, useFlags } from '../../src/cli/errors.js'
import { tableOf } from '../../src/scoring/json-table.js'
import { jsonBatches, readRecord } from '../../src/scoring/jsonl.js'
import type { Remedy } from '../../src/base/argument-error.js'
import { remediableError } from '../../src/base/remedies.js'

const wrong = (...remedies: readonly Remedy[]): RangeError => remediableError({}, 'right', 'wrong', remedies)

describe('names on a command line', () => {
  const cases: [text: string, names: string[]][] = [
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    [' a , b ', ['a', 'b']],
    ['"a,b",c', ['a,b', 'c']],
    ['c,"a,b"', ['c', 'a,b']],
    ['"the ""kind""",x', ['the "kind"', 'x']],
    ['petal length (cm)', ['petal length (cm)']],
    ['a.b.c,"d"', ['a.b.c', 'd']],
    ['""', ['']],
    ['', ['']],
    ['a,', ['a', '']],
    ['a"b,c', ['a"b', 'c']],
    ['" a "', [' a ']],
    ['größe,年齢', ['größe', '年齢']],
  ]
  it.each(cases)('%j', (text, names) => {
    expect(columnList(text)).toEqual({ text, names })
  })

  it.each(['"a', '"a"b', 'a,"b', '"a" b'])('%j is refused', (text) => {
    expect(columnList(text)).toBeUndefined()
    expect(() => columnsOption('--ignore')(text)).toThrow(
      '--ignore: expected texts in quotes with a quote at',
    )
  })

  it('mean the column that is called so, with commas, quotes and blanks', () => {
    const known = ['a,b', 'a', ' price ', 'x"y']
    const list = columnsOption('--target')
    const resolve = (text: string): string[] => resolveColumns('--target', list(text), known)
    expect(resolve('a,b')).toEqual(['a,b'])
    expect(resolve('"a,b",a')).toEqual(['a,b', 'a'])
    expect(resolve('price')).toEqual([' price '])
    expect(() => resolve('b')).toThrow(
      '--target: expected columns of the data ("a,b", a, " price ", "x\\"y"), got b',
    )
    const error = '--target: expected columns of the data (species, size), got specis; did you mean species?'
    expect(() => resolveColumns('--target', list('specis'), ['species', 'size'])).toThrow(new Error(error))
    const twice = '--target: expected each column once, got a twice'
    expect(() => resolve('a,a')).toThrow(new Error(twice))
  })

  it('are all others, but those that are ignored or have no name', () => {
    const known = ['', 'a', 'b', 'c']
    const [target, ignore] = [columnsOption('-t')('c'), columnsOption('-t')('a')]
    expect(chooseColumns({ target }, known).features).toEqual(['a', 'b'])
    expect(chooseColumns({ target, ignore }, known).features).toEqual(['b'])
    expect(() => chooseColumns({ target, ignore, features: ignore }, known)).toThrow(
      '--ignore: expected none beside --features',
    )
  })
})

describe('JSON lines', () => {
  const records = ['{"x":1,"note":null}', '{"x":2,"t":"a"}', '{"x":null,"t":"b"}'].map((text) =>
    readRecord('line', text),
  )
  const used = (names: readonly string[]): string[] => names.filter((name) => name !== 'note')

  it('become a table of the columns in use, with the numbers of their rows', () => {
    const [x, t, note] = tableOf(records, 0, {}).columns
    expect(x).toEqual({ name: 'x', values: [1, 2, null] })
    expect(note).toEqual({ name: 't', values: [undefined, 'a', 'b'] })
    expect(t).toEqual({ name: 'note', values: [null, undefined, undefined] })
    expect(tableOf(records, 0, { columns: used, missing: 'drop' })).toEqual({
      rows: 1,
      columns: [
        { name: 'x', values: [2] },
        { name: 't', values: ['a'] },
      ],
      numbers: Uint32Array.of(2),
    })
    expect(tableOf(records.slice(1, 2), 1024, {}).numbers).toEqual(Uint32Array.of(1026 - 1))
  })

  it('a number takes the place of missing numbers, the empty text that of texts', () => {
    const { columns } = tableOf(records, 0, { columns: used, missing: -1 })
    expect(columns.map(({ values }) => values)).toEqual([
      [1, 2, -1],
      ['', 'a', 'b'],
    ])
  })

  it('of a column whose kind is known, though all of it is missing', () => {
    const kinds = (name: string): 'number' | 'text' => (name === 't' ? 'text' : 'number')
    const { columns } = tableOf([{ x: null, t: null }], 0, { missing: 5, kinds })
    expect(columns.map(({ values }) => values[0])).toEqual([5, ''])
  })

  it('what is missing is named by row and column', () => {
    expect(() => tableOf(records, 10, { columns: () => ['x'], missing: 'error' })).toThrow(
      "row 13, column x: expected a value, got null, a missing one; missing: 'drop' leaves out such rows",
    )
    expect(() => tableOf(records, 0, { columns: () => ['t'], missing: 'error' })).toThrow(
      'row 1, column t: expected a value, got none, a missing one',
    )
    expect(() =>
      tableOf(records, 0, { columns: () => ['t'], missing: 'error', missingValues: ['b'] }),
    ).toThrow('row 1')
  })

  it('bytes that are no UTF-8 are named by their line, however they come', async () => {
    const bytes = Buffer.from('{"x":1}\n{"x":"caf\xe9"}\n', 'latin1')
    for (const size of [1, 5, 100]) {
      const read = async (): Promise<void> => {
        async function* chunks(): AsyncGenerator<Uint8Array> {
          for (let i = 0; i < bytes.length; i += size)
            yield await Promise.resolve(bytes.subarray(i, i + size))
        }
        for await (const batch of jsonBatches(chunks(), 1)) expect(batch).toEqual([{ x: 1 }])
      }
      await expect(read()).rejects.toThrow(/^line 2: expected UTF-8, got .*; encoding: 'latin1' reads it as/)
    }
  })

  it('what is no JSON is refused at once, whatever it looks like', () => {
    const text = `1234567890123456"${'\\"'.repeat(2 ** 18)}`
    expect(() => readRecord('line 1', text)).toThrow('line 1: expected a JSON object, got ')
  })

  it('integers that no number has exactly stay what they are, as texts', () => {
    const text =
      '{"id":9007199254740993,"same":9007199254740992,"x":1.2345678901234567890,"s":"9007199254740993","e":12345678901234567e2}'
    expect(readRecord('line 1', text)).toEqual({
      id: '9007199254740993',
      same: 9007199254740992,
      x: 1.2345678901234567,
      s: '9007199254740993',
      e: 1.2345678901234567e18,
    })
    expect(readRecord('line 1', '{"a\\"9007199254740993":-9007199254740993}')).toEqual({
      'a"9007199254740993': '-9007199254740993',
    })
  })
})

describe('options that help, as they are typed', () => {
  const flags = [
    'missing-values',
    'texts',
    'decimal',
    'thousands',
    'encoding',
    'other-data',
    'unknown',
    'ignore',
  ]
  useFlags(flags.map((name) => `--${name}`))
  const cases: [option: string, value: unknown, typed: string][] = [
    ['missingValues', ['unknown', 'n. a.'], "--missing-values 'unknown,n. a.'"],
    ['missingValues', ['a,b', "it's"], String.raw`--missing-values '"a,b",it'\''s'`],
    ['kinds', { 'age (years)': 'text' }, "--texts 'age (years)'"],
    ['decimal', ',', '--decimal ,'],
    ['thousands', ' ', '--thousands space'],
    ['thousands', "'", String.raw`--thousands ''\'''`],
    ['encoding', 'latin1', '--encoding latin1'],
    ['otherData', true, '--other-data'],
    ['unknown', 'zeros', '--unknown zeros'],
  ]
  it.each(cases)('%s: %j', (option, value, typed) => {
    const error = remediableError({ line: 2 }, 'right', 'wrong', [{ option, value, effect: 'helps' }])
    expect(commandMessage(error)).toBe(`line 2: expected right, got wrong; ${typed} helps`)
  })

  it('what the command has not got is not said', () => {
    expect(commandMessage(wrong({ option: 'delimiter', value: ';', effect: 'helps' }))).toBe(
      'expected right, got wrong',
    )
    const remedy = { option: 'columns', column: 'a b', effect: 'leaves it out' }
    expect(commandMessage(wrong(remedy))).toBe("expected right, got wrong; --ignore 'a b' leaves it out")
    expect(commandMessage(wrong({ option: 'classes', effect: 'helps' }))).toBe('expected right, got wrong')
    expect(commandMessage(new Error('plain'))).toBe('plain')
  })

  it('in the library they are written as JavaScript', () => {
    const remedies = [
      { option: 'missingValues', value: ["it's"], effect: 'takes it for missing' },
      { option: 'kinds', value: { 'a b': 'text' }, effect: 'takes all for texts' },
    ]
    expect(wrong(...remedies).message).toBe(
      String.raw`expected right, got wrong; missingValues: ['it\'s'] takes it for missing, kinds: { 'a b': 'text' } takes all for texts`,
    )
  })
})
