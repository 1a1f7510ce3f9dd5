/** Rows in messages have the number that they have in their file: in tables, batches, validation, weights, parts and folds. */
import { describe, expect, it } from 'vitest'
import { csvBatches, type Table } from '../../src/data/index.js'
import { Model, type Data } from '../../src/model/index.js'
import { crossValidate, split } from '../../src/selection/index.js'

const any = (value: unknown): never => value as never

const table = (a: readonly number[], kinds: readonly string[], numbers?: readonly number[]): Table => ({
  rows: a.length,
  columns: [
    { name: 'a', kind: 'number', values: Float64Array.from(a) },
    { name: 'kind', kind: 'text', values: Array.from(kinds) },
  ],
  ...(numbers && { numbers: Uint32Array.from(numbers) }),
})

function thrown(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return String(error)
  }
  return 'nothing'
}

const good = table([1, 2], ['x', 'y'])
const model = Model.create(good, { target: 'kind', seed: 1 })
const regression = Model.create(good, { target: 'a', seed: 1 })

describe('a table that says which rows of its file it has', () => {
  const numbered = table([1, 2, NaN], ['x', 'y', 'x'], [3, 7, 4322])
  const unknown = table([1, 2, 3], ['x', 'z', 'y'], [3, 4322, 4400])

  it.each<[string, () => unknown]>([
    ['row 4322, column a: expected a value', () => Model.create(numbered, { target: 'kind' })],
    ['row 4322, column a: expected a value', () => model.predict(numbered)],
    ['row 4322, column kind: expected one of x, y, got "z"', () => regression.predict(unknown)],
    ['row 4322, column kind: expected one of x, y, got "z"', () => model.evaluate(unknown)],
    ['row 4322, column a: expected a value', () => model.evaluate(numbered)],
    ['row 4322, column a: expected a value', () => model.encode(numbered)],
    [
      'row 4322, column kind: expected one of x, y, got "z"',
      () => Model.create(unknown, { target: 'kind', classes: ['x', 'y'] }),
    ],
  ])('%s', (message, call) => {
    expect(thrown(call)).toContain(message)
  })

  it('so in fit, in its validation, and in weights', async () => {
    await expect(model.fit(numbered)).rejects.toThrow('row 4322, column a: expected a value')
    await expect(model.fit(good, { validation: numbered })).rejects.toThrow('row 4322, column')
    const weighted = Model.create(
      [
        { a: 1, kind: 'x', w: 1 },
        { a: 2, kind: 'y', w: 1 },
      ],
      {
        target: 'kind',
        weights: 'w',
      },
    )
    const weights = { name: 'w', kind: 'number', values: Float64Array.of(1, -1) } as const
    const some = table([1, 2], ['x', 'y'], [20, 30])
    const bad = { ...some, columns: [...some.columns, weights] }
    await expect(weighted.fit(bad)).rejects.toThrow('row 30, column w: expected a number >= 0')
    expect(thrown(() => weighted.evaluate(bad))).toContain('row 30, column w: expected a number >= 0')
    await expect(weighted.fit(some, { validation: bad })).rejects.toThrow('row 30, column w: expected')
  })

  it.each<[string, unknown]>([
    ['RangeError: data.numbers: expected 2 numbers, got 1', [3]],
    ['TypeError: data.numbers: expected an array, got 3', 3],
  ])('%s', (message, numbers) => {
    expect(thrown(() => model.predict(any({ ...good, numbers })))).toBe(message)
  })
})

describe('rows go on counting', () => {
  const rows = Array.from({ length: 60 }, (_, i) => ({
    a: i,
    kind: i === 46 ? 'z' : i % 2 === 0 ? 'x' : 'y',
  }))
  const message = 'row 47, column kind: expected one of x, y, got "z"'

  it('in batches of objects', async () => {
    const batches = [rows.slice(0, 20), rows.slice(20, 45), rows.slice(45)]
    await expect(model.fit(batches)).rejects.toThrow(message)
    await expect(model.fit(() => batches, { epochs: 2 })).rejects.toThrow(message)
  })

  it('in batches of tables, with and without numbers', async () => {
    const part = (from: number, to: number): Table => {
      const some = rows.slice(from, to)
      return table(
        some.map(({ a }) => a),
        some.map(({ kind }) => kind),
      )
    }
    await expect(model.fit([part(0, 30), part(30, 60)])).rejects.toThrow(message)
    // Two rows of the file were dropped before the last batch.
    const dropped = { ...part(0, 30), numbers: Uint32Array.from({ length: 30 }, (_, i) => i + 3) }
    await expect(model.fit([dropped, part(30, 60)])).rejects.toThrow('row 49, column kind')
  })

  it('in batches of a file, in every epoch', async () => {
    const lines = (bad: number): string =>
      `a,kind\n${Array.from({ length: 5000 }, (_, i) => `${i},${i === bad ? 'z' : i % 2 === 0 ? 'x' : 'y'}\n`).join('')}`
    await expect(
      model.fit(() => csvBatches(lines(4321), { batchRows: 1000 }), { epochs: 2 }),
    ).rejects.toThrow('row 4322, column kind: expected one of x, y, got "z"')
    await expect(
      model.fit((epoch) => csvBatches(lines(epoch === 2 ? 10 : 9999), { batchRows: 1000 }), { epochs: 2 }),
    ).rejects.toThrow('row 11, column kind: expected one of x, y, got "z"')
  })

  it('in batches of pairs', async () => {
    const pairs = Model.create([{ input: { a: 1 }, output: { b: 1 } }], { seed: 1 })
    const batch = (n: number): Data =>
      Array.from({ length: n }, () => ({ input: { a: 1 }, output: { b: 1 } }))
    const bad = any([{ input: { a: 'much' }, output: { b: 1 } }])
    await expect(pairs.fit([batch(5), batch(6), bad])).rejects.toThrow(
      'row 12, column a: expected a number, got "much"',
    )
    const typo = any([{ input: { c: 1 }, output: { b: 1 } }])
    await expect(pairs.fit([batch(5), typo])).rejects.toThrow('row 6: expected columns of a, b, got c')
    const nothing = any([{ input: { a: 1 }, output: { b: 1 } }, { input: { a: 1 } }])
    await expect(pairs.fit([batch(5), nothing])).rejects.toThrow('row 7, output: expected an object')
  })
})

describe('parts and folds keep the numbers of the whole', () => {
  const kinds = Array.from({ length: 40 }, (_, i) => (i === 33 ? 'bad' : i % 2 === 0 ? 'x' : 'y'))
  const whole = table(
    kinds.map((_, i) => i),
    kinds,
    kinds.map((_, i) => 100 + i),
  )
  const records = kinds.map((kind, a) => ({ kind, a }))

  it.each<[string, Table | object[], number]>([
    ['a table', whole, 133],
    ['records', records, 34],
  ])('split of %s', (_, data, row) => {
    const { train, validation, test } = split(any(data), { seed: 3 }) as unknown as Record<string, Data>
    const messages = [train, validation, test].map((part) => thrown(() => regression.encode(part)))
    expect(messages.filter((message) => message !== 'nothing')).toEqual([
      `RangeError: row ${row}, column kind: expected one of x, y, got "bad"; unknown: 'zeros' in training takes it for none of them`,
    ])
  })

  it('a part of a part, too', () => {
    const { train } = split(records, { seed: 3, validation: 0, test: 0.1 })
    const { train: less } = split(train, { seed: 4, validation: 0, test: 0.1 })
    const place = less.findIndex(({ kind }) => kind === 'bad')
    const numbers = place >= 0 ? thrown(() => regression.encode(less)) : 'row 34'
    expect(numbers).toContain('row 34')
  })

  it.each<[string, Table | object[], number]>([
    ['a table', whole, 133],
    ['records', records, 34],
  ])('crossValidate of %s', async (_, data, row) => {
    const run = crossValidate(any(data), { seed: 1, folds: 4, model: { target: 'a' }, parallel: 1 })
    await expect(run).rejects.toThrow(`row ${row}, column kind: expected one of x, y, got "bad"`)
  })
})

it('bundles that are apart name the rows of an array alike', async () => {
  const [{ crossValidate, split }, { Model: Built }] = await Promise.all([
    import('deltaprop/selection'),
    import('deltaprop/model'),
  ])
  const records = Array.from({ length: 12 }, (_, i) => ({ a: i === 7 ? null : i, kind: i % 2 ? 'x' : 'y' }))
  const validated = crossValidate(any(records), { seed: 1, folds: 3, model: { target: 'kind' } })
  await expect(validated).rejects.toThrow(/row 8, column a: expected a value, got null/)
  const { train, validation, test } = split(records, { seed: 1 })
  const part = [train, validation, test].find((rows) => rows.some((row) => row.a === null)) ?? []
  expect(() => Built.create(any(part), { target: 'kind' })).toThrow(/^row 8, column a/)
})
