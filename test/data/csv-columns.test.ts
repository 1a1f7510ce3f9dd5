import fc from '../support/fast-check.js'
import { describe, expect, it } from 'vitest'
import { csvBatches, parseCsv } from '../../src/data/csv.js'
import { allBatches, cut, encode, outcomeOf, plain, readAll } from '../support/csv.js'

describe('columns that are read', () => {
  const text = 'id,note,x,y\n1,,2,a\n2,?,3,b\n3,"so, ""so""\n",4,c\n'

  it('by name, in the order of the file', async () => {
    expect(await readAll(text, { columns: ['y', 'x'] })).toEqual({
      columns: { x: [2, 3, 4], y: ['a', 'b', 'c'] },
    })
  })

  it('by a function that is asked once, what it throws comes out', () => {
    const asked: (readonly string[])[] = []
    const table = parseCsv(text, {
      columns: (names) => {
        asked.push(names)
        return names.filter((name) => name !== 'note')
      },
    })
    expect([Object.keys(plain(table)), asked]).toEqual([['id', 'x', 'y'], [['id', 'note', 'x', 'y']]])
    const error = new Error('mine')
    expect(() =>
      parseCsv(text, {
        columns: () => {
          throw error
        },
      }),
    ).toThrow(error)
  })

  it('by a function that is asked once also where all is read again', async () => {
    let asked = 0
    const options = {
      missing: 'drop' as const,
      columns: (names: readonly string[]) => {
        ++asked
        return names.slice(0, 2)
      },
    }
    const { columns, rows } = parseCsv('a,b,c\n007,1,\nx,NA,\nz,2,\n', options)
    expect([asked, rows, columns[0].values, columns[1].values]).toEqual([
      1,
      2,
      ['007', 'z'],
      Float64Array.of(1, 2),
    ])
    const tables = await allBatches([encode('a,b,c\n007,1,\nx,NA,\nz,2,\n')], { ...options, batchRows: 3 })
    expect([asked, tables.map(plain)]).toEqual([2, [{ a: ['007', 'z'], b: [1, 2] }]])
  })

  it('the others are not decoded, judged or counted as missing', () => {
    const latin = Uint8Array.from([
      ...encode('x,t\n1,'),
      0xe9,
      ...encode('\n2,9007199254740993\n3,\n4,1.2.3\n'),
    ])
    for (const missing of ['error', 'drop', 'keep'] as const) {
      const { rows, columns } = parseCsv(latin, { columns: ['x'], missing })
      expect([rows, columns[0].values]).toEqual([4, Float64Array.of(1, 2, 3, 4)])
    }
    const noHeader = Uint8Array.from([0xe9, ...encode(',1\nx,2\n')])
    expect(plain(parseCsv(noHeader, { header: false, columns: ['2'] }))).toEqual({ 2: [1, 2] })
  })

  it('before, between and behind the others, with runs of numbers between texts', async () => {
    const rows = Array.from({ length: 40 }, (_, r) => Array.from({ length: 9 }, (_, c) => 10 * r + c / 4))
    const file = `a,b,c,d,e,f,g,h,i\n${rows.map((row) => row.join(',')).join('\n')}\n`
    const names = Array.from('abcdefghi')
    const property = fc.asyncProperty(
      fc.subarray(names, { minLength: 1 }),
      fc.subarray(names),
      fc.integer({ min: 1, max: 50 }),
      async (columns, texts, batchRows) => {
        const kinds = Object.fromEntries(texts.map((name) => [name, 'text' as const]))
        const expected = Object.fromEntries(
          columns.map((name) => {
            const values = rows.map((row) => row[names.indexOf(name)])
            return [name, texts.includes(name) ? values.map(String) : values]
          }),
        )
        expect(plain(parseCsv(file, { columns, kinds }))).toEqual(expected)
        const tables = await allBatches(cut(encode(file), [5, 99, 300]), { columns, kinds, batchRows })
        for (const name of columns)
          expect(tables.flatMap((table) => plain(table)[name])).toEqual(expected[name])
      },
    )
    await fc.assert(property, { numRuns: 200, seed: 5 })
  })

  it('errors', async () => {
    const errors: [string, string, unknown][] = [
      ['RangeError: columns: expected columns of the file (id, note, x, y), got z', text, ['x', 'z']],
      ['RangeError: columns: expected columns of the file (id, note, x, y), got z', text, () => ['z']],
      ['RangeError: columns: expected the name of one column at least, got none', text, []],
      ['RangeError: columns: expected the name of one column at least, got none', text, () => []],
      ['TypeError: columns: expected an array of names or a function, got "x"', text, 'x'],
      [
        'TypeError: columns: expected an array of names from the function, got undefined',
        text,
        () => undefined,
      ],
      ['TypeError: columns[1]: expected a name, got 3', text, ['x', 3]],
      ['RangeError: line 3: expected 2 fields, got 3', 'a,b\n1,2\n1,2,3\n', ['a']],
      ['RangeError: line 1: expected columns of different names, got a twice', 'a,b,a\n1,2,3\n', ['a']],
    ]
    for (const [error, file, columns] of errors) {
      expect(await readAll(file, { columns } as never)).toEqual({ error })
    }
    expect(await readAll('a,b,a\n1,2,3\n', { columns: ['b'] })).toEqual({ columns: { b: [2] } })
  })
})

describe('columns without a name', () => {
  it('are left out, with a note: the index of pandas, a delimiter at the end', async () => {
    expect(await readAll(',a,b\n0,1,2\n1,3,4\n')).toEqual({
      columns: { a: [1, 3], b: [2, 4] },
      notes: ['column 1 has no name and is left out'],
    })
    expect(await readAll('a,b,\n1,2,\n3,4,\n')).toEqual({
      columns: { a: [1, 3], b: [2, 4] },
      notes: ['column 3 has no name and is left out'],
    })
    expect(await readAll('"",a, \nx,1,y\n')).toEqual({
      columns: { a: [1] },
      notes: ['columns 1, 3 have no names and are left out'],
    })
    expect(await readAll('a;b;\r\n1,5;2;\r\n')).toMatchObject({
      columns: { a: [1.5], b: [2] },
      notes: [{}, {}, 'column 3 has no name and is left out'].map((note) =>
        typeof note === 'string' ? note : (expect.any(String) as unknown),
      ),
    })
  })

  it('have the kinds that a function gives them, which is asked once for each that is read', async () => {
    const asked: string[] = []
    const kinds = (name: string): 'text' | undefined => {
      asked.push(name)
      return name === 'zip' ? 'text' : undefined
    }
    const options = { columns: ['n', 'zip'], kinds }
    const expected = { columns: { zip: ['01'], n: [2] } }
    expect(await readAll('zip,left out,n\n01,1,2\n', options)).toEqual(expected)
    expect(new Set(asked)).toEqual(new Set(['zip', 'n']))
    expect(await readAll('a\n1\n', { kinds: () => 'date' as never })).toEqual({
      error: 'RangeError: kinds(a): expected one of number, text, got "date"',
    })
  })

  it('are read if columns or kinds names them', async () => {
    expect(await readAll(',a\n7,1\n', { columns: ['', 'a'] })).toEqual({ columns: { '': [7], a: [1] } })
    expect(await readAll(',a\n7,1\n', { columns: (names) => names })).toEqual({
      columns: { '': [7], a: [1] },
    })
    expect(await readAll(',a\n7,1\n', { kinds: { '': 'text' } })).toEqual({ columns: { '': ['7'], a: [1] } })
    expect(await readAll(',\n7,1\n', { columns: [''] })).toEqual({
      error: 'RangeError: line 1: expected columns of different names, got "" twice',
    })
    expect(await readAll(',\n7,1\n')).toEqual({
      error: 'RangeError: line 1: expected a column that has a name, got none',
    })
  })
})

describe('the numbers of rows', () => {
  it('are those of the records, where some were left out', async () => {
    const drop = { missing: 'drop' } as const
    expect((await readAll('a\n1\n2\n3\n', drop)).numbers).toBeUndefined()
    expect((await readAll('a\n1\n\n?\n\n3\n4\n?\n', drop)).numbers).toEqual([1, 3, 4])
    expect((await readAll('a\n?\n?\n3\n4\n?\n?\n7\n', drop)).numbers).toEqual([3, 4, 7])
    expect((await readAll('a\n1\n2\n?\n', drop)).numbers).toBeUndefined()
    expect((await readAll('a\n?\n', drop)).numbers).toBeUndefined()
    expect((await readAll('?\n5\n', { ...drop, header: false })).numbers).toEqual([2])
  })

  it('go on from batch to batch', async () => {
    const read = async (text: string): Promise<(number[] | undefined)[]> => {
      const tables = await allBatches([encode(text)], { missing: 'drop', batchRows: 2 })
      return tables.map(({ numbers }) => (numbers === undefined ? undefined : [...numbers]))
    }
    expect(await read('a\n1\n2\n3\n4\n5\n')).toEqual([undefined, [3, 4], [5]])
    expect(await read('a\n?\n2\n?\n4\n?\n6\n7\n?\n?\n10\n')).toEqual([[2, 4], [6, 7], [10]])
    expect(await read('a\n1\n?\nNA\n4\nNA\n6\n')).toEqual([[1, 4], [6]])
  })

  it('whatever is left out', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.constantFrom('?', 'NA', 'x'), { maxLength: 60 }),
      fc.integer({ min: 1, max: 7 }),
      async (marks, batchRows) => {
        const cells = marks.map((mark, i) => (mark === 'x' ? String(i + 1) : mark))
        const kept = cells.filter((cell) => cell !== '?' && cell !== 'NA').map(Number)
        const bytes = encode(`n\n${cells.map((cell) => `${cell}\n`).join('')}`)
        const tables = await allBatches(cut(bytes, [3, 20, 50]), {
          missing: 'drop',
          batchRows,
          kinds: { n: 'number' },
        })
        const first = tables.flatMap(({ rows, numbers }) => [
          ...(numbers ?? Array.from({ length: rows }, (_, i) => i + 1)),
        ])
        expect(first).toEqual(kept)
        const open = await allBatches(cut(bytes, [4]), { missing: 'drop', batchRows })
        expect(open.flatMap((table) => plain(table).n)).toEqual(kept)
        expect(
          open
            .map(({ rows }) => rows)
            .slice(0, -1)
            .every((rows) => rows === batchRows),
        ).toBe(true)
      },
    )
    await fc.assert(property, { numRuns: 500, seed: 6 })
  })

  it('notes are those of the first table', async () => {
    const notes = []
    for await (const table of csvBatches(',a\n0,1\n1,2\n2,3\n', { batchRows: 1 })) notes.push(table.notes)
    expect(notes).toEqual([['column 1 has no name and is left out'], undefined, undefined])
    expect(await outcomeOf(() => parseCsv('a\n1\n'))).toEqual({ columns: { a: [1] } })
  })
})
