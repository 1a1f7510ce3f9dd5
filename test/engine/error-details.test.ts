/** What errors say, in parts: for forms and uploaders, which take no message apart. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { amended, errorText, rangeError, typeError } from '../../src/base/argument-error.js'
import { remediableError } from '../../src/base/remedies.js'
import { errorDetails as ofData, parseCsv } from '../../src/data/index.js'
import { errorDetails, load, Network, type ErrorDetails } from '../../src/node/index.js'
import { Model } from '../../src/model/index.js'
import { crossValidate } from '../../src/selection/index.js'

/** What a caller without types might pass. */
const any = (value: unknown): never => value as never

/** What is thrown. */
async function thrown(action: () => unknown): Promise<Error> {
  try {
    await action()
  } catch (error) {
    return error as Error
  }
  throw new Error('expected an error')
}

const folder = mkdtempSync(join(tmpdir(), 'error-details-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('of what a user gives', () => {
  const net = new Network([2, 1], { seed: 1 })
  const rows = [
    { size: 1, kind: 'apple' },
    { size: 2, kind: 'melon' },
    { size: 'large', kind: 'apple' },
  ]
  const cases: [string, () => unknown, Partial<ErrorDetails>][] = [
    ['an option', () => new Network([2, 1], { loss: any('mse') }), { path: 'loss', got: '"mse"' }],
    ['an entry of a list', () => new Network([2, 0, 1]), { path: 'sizes[1]', got: '0' }],
    ['a number of a sample', () => net.predict([[1, any('2')]]), { path: 'x[0][1]', expected: 'a number' }],
    ['an option of fit', () => net.fit({ x: [0, 1], y: [1] }, { epochs: 0 }), { path: 'epochs' }],
    [
      'a field of CSV',
      () => parseCsv('name,age\nAda,36\nAlan,old\n', { kinds: { age: 'number' } }),
      { line: 3, column: 'age', expected: 'a number', got: '"old"' },
    ],
    ['a column without a name', () => parseCsv('a,\n1,"2"3\n'), { line: 2, column: 2 }],
    ['a line of CSV', () => parseCsv('a,b\n1,2\n3\n'), { line: 3, expected: '2 fields', got: '1' }],
    [
      'a value of a row',
      () => Model.create(rows, { target: 'kind' }),
      {
        row: 3,
        column: 'size',
        expected: 'a number as in row 1',
        got: '"large"',
        remedies: [{ option: 'texts', value: ['size'], effect: 'takes all for texts' }],
      },
    ],
    [
      'a value of a row that is predicted',
      () => Model.create(rows.slice(0, 2), { target: 'kind' }).predict([rows[0], { size: null }] as never),
      { row: 2, column: 'size' },
    ],
    [
      'a part of a pair',
      () => Model.create([{ input: { a: 1 }, output: 5 }] as never),
      { row: 1, path: 'output' },
    ],
    [
      'a row of selection',
      () =>
        crossValidate([{ a: 1, b: null }] as never, { model: { target: 'b' }, folds: 2, seed: 1 } as never),
      { row: 1, column: 'b' },
    ],
  ]
  it.each(cases)('%s', async (_, action, expected) => {
    const error = await thrown(action)
    const details = errorDetails(error)
    expect(details).toMatchObject(expected)
    expect(ofData(error)).toBe(details)
    // The message says these and nothing else.
    expect(details && errorText(details)).toBe(error.message)
  })
})

it('of an error of a file they are those of its cause', async () => {
  const path = join(folder, 'net.json')
  writeFileSync(path, '{"format": 5}')
  const error = await thrown(() => load(path))
  expect(errorDetails(error)).toBeUndefined()
  expect(errorDetails(error.cause)).toMatchObject({ expected: expect.any(String) as string })
})

it('other errors have none, nor has what is no error', () => {
  const others = [new Error('x: expected 1, got 2'), { details: { expected: 1 } }, null, undefined, 'x', 5]
  for (const other of others) expect(errorDetails(other)).toBeUndefined()
  expect(errorDetails(Object.assign(new Error('no'), { details: 'of another library' }))).toBeUndefined()
})

describe('an error', () => {
  it('is a plain TypeError or RangeError, and prints as one', () => {
    const error = rangeError('epochs', 'an integer >= 1', 0)
    expect(Object.getPrototypeOf(error)).toBe(RangeError.prototype)
    expect(Object.keys(error)).toEqual([])
    expect(inspect(error)).toMatch(/^RangeError: epochs: expected an integer >= 1, got 0\n {4}at /)
    expect('cause' in error).toBe(false)
    expect(typeError('x', 'an array')).toBeInstanceOf(TypeError)
  })

  it.each([
    [{}, 'expected so'],
    [{ path: 'a.b' }, 'a.b: expected so'],
    [{ line: 2, column: 'b c' }, 'line 2, column b c: expected so'],
    [{ row: 3, column: '\u001b' }, 'row 3, column "\\u001b": expected so'],
    [{ column: '' }, 'column "": expected so'],
    [{ row: 1, path: 'input' }, 'row 1, input: expected so'],
  ])('of %j says where', (place, text) => expect(rangeError(place, 'so').message).toBe(text))

  it('has its hint before its remedies, and none of what is empty', () => {
    const remedy = { option: 'missing', value: 'drop', effect: 'leaves out such rows' }
    const error = remediableError('x', 'a value', 'none', [remedy])
    expect(error.message).toBe("x: expected a value, got none; missing: 'drop' leaves out such rows")
    expect(String(amended(error, () => ({ hint: 'look' })))).toBe(
      "RangeError: x: expected a value, got none; look; missing: 'drop' leaves out such rows",
    )
    expect(rangeError('x', 'a value', 'none', { hint: '' }).message).toBe('x: expected a value, got none')
  })

  it('of another place is of the same kind, and has the first as its cause', () => {
    for (const first of [typeError('bytes', 'so', 1), rangeError('bytes', 'so', 1)]) {
      const second = amended(first, ({ path }) => ({ path: `checkpoint.${path}`, row: 5 })) as Error
      expect(second.message).toBe('row 5, checkpoint.bytes: expected so, got 1')
      expect(Object.getPrototypeOf(second)).toBe(Object.getPrototypeOf(first))
      expect(second.cause).toBe(first)
      expect(first.message).toBe('bytes: expected so, got 1')
    }
    const other = new Error('bytes: expected so')
    expect(amended(other, () => ({ path: 'checkpoint' }))).toBe(other)
  })
})
