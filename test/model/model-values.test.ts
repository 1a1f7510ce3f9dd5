/** Every kind of value that JSON, CSV and JavaScript hold, as features and as classes: understood, or refused with what helps. */
import { describe, expect, it } from 'vitest'
import { parseCsv, type Table } from '../../src/data/index.js'
import { Model, type Data, type ModelOptions } from '../../src/model/index.js'
import { isDateText, isNumeral, mayBeNumeral } from '../../src/model/numerals.js'
import { errorDetails, errorText } from '../../src/base/argument-error.js'

const any = (value: unknown): never => value as never

/** Rows with a column x of these values, and another. */
const rowsOf = (values: readonly unknown[]): object[] => values.map((x, y) => ({ x, y }))

function thrown(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return String(error)
  }
  return 'nothing'
}

const features = (values: readonly unknown[], options: ModelOptions = {}): Model =>
  Model.create(rowsOf(values), { target: 'y', seed: 1, precision: 'f64', ...options })
const classes = (values: readonly unknown[], options: ModelOptions = {}): Model =>
  Model.create(rowsOf(values), { target: 'x', seed: 1, ...options })

describe('true and false', () => {
  const asJson = rowsOf([true, false, true, false])
  const asCsv = parseCsv('x,y\nTrue,0\nFalse,1\nTrue,2\nFalse,3\n')
  const asUpper = parseCsv('x,y\nTRUE,0\nfalse,1\ntrue,2\nFALSE,3\n')

  it.each<[string, Data]>([
    ['JSON', asJson],
    ['CSV of pandas', asCsv],
    ['CSV of several hands', asUpper],
    ['both', rowsOf([true, 'False', 'TRUE', false])],
  ])('are features, the same from %s', (_, data) => {
    const model = Model.create(data, { target: 'y', seed: 1, precision: 'f64' })
    expect(model.inputs).toEqual([{ name: 'x', kind: 'boolean', categories: [false, true] }])
    for (const other of [asJson, asCsv, asUpper]) {
      expect(Array.from(model.encode(other).x)).toEqual([0, 1, 1, 0, 0, 1, 1, 0])
      expect(Model.fromBytes(model.toBytes()).predict(other)).toEqual(model.predict(other))
    }
  })

  it.each<[string, Data]>([
    ['JSON', asJson],
    ['CSV', asCsv],
  ])('are classes, the same from %s', async (_, data) => {
    const model = Model.create(data, { target: 'x', hidden: [], seed: 1 })
    expect(model.outputs).toEqual([{ name: 'x', kind: 'boolean', categories: [false, true] }])
    const { x, probabilities } = model.predict({ y: 1 })
    expect(typeof x).toBe('boolean')
    expect(Object.keys(probabilities ?? {})).toEqual(['false', 'true'])
    await model.fit(data, { epochs: 2, classWeights: { true: 2 } })
    expect(model.evaluate(asCsv)).toEqual(model.evaluate(asJson))
    expect(model.evaluate(asJson)).toMatchObject({ kind: 'classification', classes: [false, true] })
    const back = Model.fromJSON(JSON.parse(JSON.stringify(model)))
    expect(back.predict(asJson)).toEqual(model.predict(asJson))
    expect(String(back)).toContain('x of 2 classes')
  })

  it('a feature that is true in all rows knows false too', () => {
    const model = features([true, true])
    expect(Array.from(model.encode([{ x: false }]).x)).toEqual([1, 0])
    expect(thrown(() => classes([true, true]))).toBe(
      'RangeError: column x: expected at least 2 classes, got true alone',
    )
  })

  it('among texts are the category that is written so, of models of before too', () => {
    const model = features(['true', 'maybe', 'False'])
    expect(model.inputs).toEqual([{ name: 'x', kind: 'text', categories: ['False', 'maybe', 'true'] }])
    expect(Array.from(model.encode(rowsOf([true, false, 'TRUE', 'maybe'])).x)).toEqual([
      0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1, 0,
    ])
    // Of True and TRUE, which are two categories, true is neither.
    const both = features(['True', 'TRUE', 'maybe'])
    expect(thrown(() => both.predict({ x: true }))).toBe(
      'TypeError: row 1, column x: expected a text, got true',
    )
  })

  it.each<[string, unknown]>([
    ['TypeError: row 1, column x: expected true or false, got "yes"', 'yes'],
    ['TypeError: row 1, column x: expected true or false, got 1', 1],
    [
      'TypeError: row 1, column x: expected a value, got null, a missing one; leave it out, or put a value in its place',
      null,
    ],
  ])('%s', (message, x) => {
    expect(thrown(() => features([true, false]).predict({ x }))).toBe(message)
    const zeros = features([true, false], { unknown: 'zeros' })
    expect(thrown(() => zeros.predict({ x }))).toBe(message)
  })

  it('are no numbers of a regression', () => {
    expect(thrown(() => classes([true, false], { task: 'regression' }))).toBe(
      'RangeError: target: expected numbers for a regression, got true and false in column x',
    )
  })
})

describe('what is missing is named, wherever it is', () => {
  const missing: [string, unknown][] = [
    ['null', null],
    ['undefined', undefined],
    ['NaN', NaN],
  ]
  it.each(missing)('%s', (name, value) => {
    const message = `TypeError: row 2, column x: expected a value, got ${name}, a missing one; leave it out, or put a value in its place`
    for (const values of [
      [1, value, 3],
      ['a', value, 'b'],
      [true, value, false],
    ]) {
      expect(thrown(() => features(values))).toBe(message)
      expect(thrown(() => classes(values))).toBe(message)
      expect(thrown(() => Model.create(rowsOf([1, 2, 3]), { target: 'y' }).predict(rowsOf([1, value])))).toBe(
        message,
      )
      const known = values.flatMap((each) => (each === value ? [] : [each]))
      expect(thrown(() => features(known).predict(rowsOf([known[0], value])))).toBe(message)
      expect(thrown(() => classes(known).evaluate(rowsOf([known[0], value])))).toBe(message)
    }
    expect(thrown(() => features([value, 1, 2]))).toBe(message.replace('row 2', 'row 1'))
  })

  it('a name that one row has not', () => {
    expect(thrown(() => Model.create([{ x: 1, y: 1 }, { y: 2 }], { target: 'y' }))).toBe(
      'TypeError: row 2, column x: expected a value, got undefined, a missing one; leave it out, or put a value in its place',
    )
  })

  it('a number of a table', () => {
    const table: Table = {
      rows: 2,
      columns: [{ name: 'x', kind: 'number', values: Float64Array.of(1, NaN) }],
    }
    const both = { ...table, columns: [...table.columns, { name: 'y', kind: 'number', values: [1, 2] }] }
    expect(thrown(() => Model.create(any(both), { target: 'y' }))).toBe(
      'TypeError: row 2, column x: expected a value, got NaN, a missing one; leave it out, or put a value in its place',
    )
  })

  it('weights', () => {
    const rows = [1, null, 3].map((w, y) => ({ w, y, x: y }))
    const message =
      'TypeError: row 2, column w: expected a value, got null, a missing one; leave it out, or put a value in its place'
    expect(thrown(() => Model.create(rows, { target: 'y', weights: 'w' }))).toBe(message)
    const negative = [1, 2, -3].map((w, y) => ({ w, y, x: y }))
    expect(thrown(() => Model.create(negative, { target: 'y', weights: 'w' }))).toBe(
      'RangeError: row 3, column w: expected a number >= 0, how often the row counts, got -3',
    )
  })
})

describe('values of several kinds', () => {
  it.each<[string, readonly unknown[]]>([
    [
      `RangeError: row 3, column x: expected a number as in row 1, got "large"; texts: ['x'] takes all for texts`,
      [1, 2, 'large'],
    ],
    [
      `RangeError: row 1, column x: expected a number as in row 2, got "unknown"; texts: ['x'] takes all for texts`,
      ['unknown', 2, 3],
    ],
    [
      `RangeError: row 2, column x: expected a text as in row 1, got 7; texts: ['x'] takes all for texts`,
      ['a', 7, 'b'],
    ],
    [
      `RangeError: row 3, column x: expected true or false as in row 1, got 0; texts: ['x'] takes all for texts`,
      [true, false, 0],
    ],
    [
      `RangeError: row 3, column x: expected true or false as in row 1, got "maybe"; texts: ['x'] takes all for texts`,
      [true, false, 'maybe'],
    ],
    [
      `RangeError: row 3, column x: expected a number as in row 1, got "3"; texts: ['x'] takes all for texts`,
      [1, 2, '3'],
    ],
    [
      `RangeError: row 20, column x: expected a number, as in 20 of 21 rows, got "-"; texts: ['x'] takes all for texts`,
      [...Array.from({ length: 19 }, (_, i) => i), '-', 5],
    ],
  ])('%s', (message, values) => {
    expect(thrown(() => features(values))).toBe(message)
    expect(thrown(() => classes(values))).toBe(message)
    // What the message says, helps.
    expect(features(values, { texts: ['x'] }).inputs[0].kind).toBe('text')
    expect(classes(values, { texts: ['x'] }).outputs[0].kind).toBe('text')
  })
})

describe('texts that are numbers, or dates', () => {
  it.each<[string, readonly string[]]>([
    ['numbers', ['1', '2', '3']],
    ['numbers, but for a mark', ['1.5', '2', 'NULL']],
    ['decimal commas', ['3,5', '1,25', '2']],
    ['a price list', ['1.234,56', '12,00', '7.000,10']],
    ['thousands', ['1,234', '12,000', '1 234 567']],
    ['currencies', ['12 €', '$3.50', '£ 7']],
    ['percentages', ['50%', '12.5 %', '7%']],
    ['exponents and signs', ['1e-3', '-2', '+4.5']],
  ])('%s are refused in rows, as features and as classes', (_, values) => {
    const message = `RangeError: row 1, column x: expected a number, got the text ${JSON.stringify(values[0])}, as in `
    expect(thrown(() => features(values))).toContain(message)
    expect(thrown(() => classes(values))).toContain(message)
    expect(thrown(() => classes(values))).toContain(
      "of 3 rows: make numbers of them; texts: ['x'] takes each for a category",
    )
    expect(classes(values, { texts: ['x'] }).outputs[0]).toMatchObject({ kind: 'text' })
  })

  it.each<[string, readonly string[]]>([
    ['a few numbers', ['a', 'b', '3']],
    ['codes', ['A1', '2B', '0x1F']],
    ['versions and addresses', ['1.2.3.4', '10.0.0.1', '1.2.x']],
    ['sizes', ['3 cm', '4 cm', 'XL']],
    ['marks', ['+', '-', '?']],
  ])('%s are categories', (_, values) => {
    expect(features(values).inputs[0]).toMatchObject({ kind: 'text' })
  })

  it('a table that says that they are texts is believed', () => {
    const table = parseCsv('zip,y\n01067,1\n10115,2\n', { kinds: { zip: 'text' } })
    expect(Model.create(table, { target: 'y' }).inputs).toEqual([
      { name: 'zip', kind: 'text', categories: ['01067', '10115'] },
    ])
  })

  it.each([
    '2024-01-05',
    '2024/1/5',
    '5.1.2024',
    '01/05/2024 10:00',
    '2024-01-05T10:00:00Z',
    '2024-01-05 10:00:00.123+01:00',
    '5 Jan 2024',
    'January 5, 2024',
    '05-Jan-24',
    '10:30',
    '9:05 PM',
  ])('%s is a date or time', (date) => {
    const values = [date, date, 'unknown']
    const message = `RangeError: row 1, column x: expected numbers or categories, got ${JSON.stringify(date)}, a date or time: make numbers of it first, such as the days since the first one, the month or the weekday; texts: ['x'] takes each for a category, features can leave the column out`
    expect(thrown(() => features(values))).toBe(message)
    expect(thrown(() => classes(values))).toBe(message)
    const table = parseCsv(`x,y\n${values.map((value, i) => `"${value}",${i}\n`).join('')}`)
    expect(thrown(() => Model.create(table, { target: 'y' }))).toBe(message)
    expect(features(values, { texts: ['x'] }).inputs[0]).toMatchObject({ kind: 'text' })
  })

  it.each(['2024-13-45', '1.2.3', '99/99/99', '12-345', 'May', '3:2'])('%s is none', (text) => {
    expect(features([text, 'other', 'more'], {}).inputs[0]).toMatchObject({ kind: 'text' })
  })
})

describe('a text that may be a number or a date by its ends', () => {
  const numerals = ['3', '3.', '.5', ',5', '-1', '+1e-3', '1.234,56', '1’000', '€ 3', '£3', '$3', '¥3', '₹3']
  const units = ['3 €', '3£', '3$', '3 ¥', '3₹', '50 %', '50%']
  const dates = ['2024-01-05', '5.1.24', '01/05/2024 10:00', '2024-01-05T10:00:00.5Z', '10:30', '1:00 am']
  const zones = ['10:30 utc', '10:30pm', '10:30 +01:00', '2024-01-05 10:30z']
  const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
  const named = months.flatMap((name) => [`${name} 5, 2024`, `5 ${name} 2024`, `${name} 5 2024 1:00 AM`])

  it('is each that is one, in either case, with any space around it', () => {
    for (const text of [...numerals, ...units, ...dates, ...zones, ...named]) {
      const spaced = [' ', '\t', '\n', '\u00a0', '\u3000', '\ufeff'].map((space) => space + text + space)
      for (const each of [text, text.toLowerCase(), text.toUpperCase(), ...spaced]) {
        expect([each, isNumeral(each) || isDateText(each), mayBeNumeral(each)]).toEqual([each, true, true])
      }
    }
  })

  it.each(['', 'item 3', '12 Main Street', 'March', 'Ω 3', '5'.repeat(41)])('is not %j', (text) => {
    expect(mayBeNumeral(text)).toBe(false)
  })
})

describe('values that no column can have', () => {
  const what = 'row 2, column x: expected a number, a text, true or false, got'
  it.each<[string, unknown]>([
    [`TypeError: ${what} an array; make a column of each value in it`, [1, 2]],
    [`TypeError: ${what} an object; make a column of each value in it`, { at: 3 }],
    [`TypeError: ${what} a Float32Array; make a column of each value in it`, new Float32Array(2)],
    [`TypeError: ${what} 5n; Number(value) makes a number of it, String(value) a text`, 5n],
    [`TypeError: ${what} a function`, () => 3],
    [`TypeError: ${what} Symbol(a)`, Symbol('a')],
    [
      `TypeError: ${what} a Date; make numbers of it first, such as the days since the first one, the month or the weekday`,
      new Date(0),
    ],
  ])('%s', (message, value) => {
    for (const first of [1, 'a', true]) {
      expect(thrown(() => features([first, value]))).toBe(message)
      expect(thrown(() => features([first, value], { texts: ['x'] }))).toBe(message)
    }
  })

  it('nor a prediction', () => {
    const expected = 'TypeError: row 1, column x: expected a number, got'
    expect(thrown(() => features([1, 2]).predict({ x: new Date(0) }))).toContain(`${expected} a Date; make`)
    expect(thrown(() => features([1, 2]).predict({ x: [3] }))).toContain(
      `${expected} an array; make a column`,
    )
    expect(thrown(() => features([1, 2]).predict({ x: '3' }))).toBe(`${expected} "3"`)
    expect(thrown(() => features([1, 2]).predict({ x: true }))).toBe(`${expected} true`)
  })
})

describe('numbers that are classes', () => {
  const asClasses = (values: readonly unknown[], more: ModelOptions = {}): Model =>
    classes(values, { task: 'classification', ...more })

  it.each([2 ** 53, -(2 ** 53), 9007199254740993, 1e20])('an integer as large as %s may be two', (id) => {
    const message = `RangeError: row 2, column x: expected an integer that a number has exactly, got ${id}, which may be several, rounded; read it as a text`
    expect(thrown(() => asClasses([1, id]))).toBe(message)
    expect(thrown(() => features([1, id], { texts: ['x'] }))).toBe(message)
    // Scaled, it is a number as any other.
    expect(features([1, id]).inputs[0].kind).toBe('number')
  })

  it('the largest exact one is one; so are fractions; -0 is 0', () => {
    expect(asClasses([2 ** 53 - 1, 2 ** 53 - 2]).outputs).toMatchObject([
      { categories: [9007199254740990, 9007199254740991] },
    ])
    expect(asClasses([0.5, -0, 0]).outputs).toMatchObject([{ categories: [0, 0.5] }])
    expect(Array.from(asClasses([0, 1]).encode(rowsOf([-0])).y ?? [])).toEqual([1, 0])
  })

  it('neither Infinity nor NaN are any', () => {
    expect(thrown(() => asClasses([1, Infinity]))).toBe(
      'RangeError: row 2, column x: expected a finite number, got Infinity',
    )
    expect(thrown(() => asClasses([1, NaN]))).toContain('got NaN, a missing one')
  })
})

describe('texts: columns of categories, whatever they look like', () => {
  it('numbers are what they are written as, in rows and in CSV', () => {
    const model = Model.create(rowsOf([10115, 80331, 10115]), { target: 'y', texts: ['x'], precision: 'f64' })
    expect(model.inputs).toEqual([{ name: 'x', kind: 'text', categories: ['10115', '80331'] }])
    expect(Array.from(model.encode([{ x: 80331 }, { x: '10115' }]).x)).toEqual([0, 1, 1, 0])
    expect(thrown(() => model.predict({ x: 7 }))).toBe('TypeError: row 1, column x: expected a text, got 7')
  })

  it.each<[string, unknown, ModelOptions?]>([
    ['RangeError: texts: expected columns of the data (x, y), got z', ['z']],
    ['TypeError: texts: expected an array of names, got "x"', 'x'],
    ['RangeError: texts: expected different columns, got x twice', ['x', 'x']],
  ])('%s', (message, texts) => {
    expect(thrown(() => features([1, 2], { texts: any(texts) }))).toBe(message)
  })

  it('the option that helps is in the error', () => {
    let error: unknown
    try {
      features([1, 2, 'large'])
    } catch (caught) {
      error = caught
    }
    const details = errorDetails(error)
    if (details === undefined) throw new Error('expected details')
    expect(details.remedies).toEqual([{ option: 'texts', value: ['x'], effect: 'takes all for texts' }])
    expect(errorText(details, [])).toBe('row 3, column x: expected a number as in row 1, got "large"')
  })
})

describe('classes that are given', () => {
  it('are all classes, also those that the rows have none of', async () => {
    const model = classes(['b', 'a'], { classes: ['c', 'a', 'b'] })
    expect(model.outputs).toEqual([{ name: 'x', kind: 'text', categories: ['a', 'b', 'c'] }])
    await model.fit(rowsOf(['c', 'a']), { epochs: 1 })
    expect(Object.keys(model.predict({ y: 1 }).probabilities ?? {})).toEqual(['a', 'b', 'c'])
    await model.fit(rowsOf(['a', 'b']), { epochs: 1, classWeights: 'balanced' })
    expect(Array.from(model.network.layers[0].weights).every(Number.isFinite)).toBe(true)
  })

  it('are numbers, and then numbers are classes; or true and false', () => {
    expect(classes([0, 2], { classes: [0, 1, 2] }).outputs).toMatchObject([{ categories: [0, 1, 2] }])
    expect(classes(['True', 'True'], { classes: [true, false] }).outputs).toMatchObject([
      { kind: 'boolean', categories: [false, true] },
    ])
    expect(classes(['x', 'x'], { classes: ['x', 'constructor', '__proto__'] }).outputs).toMatchObject([
      { categories: ['__proto__', 'constructor', 'x'] },
    ])
  })

  it.each<[string, readonly unknown[], ModelOptions]>([
    ['RangeError: row 2, column x: expected one of a, b, got "c"', ['a', 'c'], { classes: ['a', 'b'] }],
    [
      `RangeError: classes[1]: expected a text as in classes[0], got 1; texts: ['x'] takes all for texts`,
      ['a', 'b'],
      { classes: ['a', 1] },
    ],
    [
      `RangeError: row 1, column x: expected a text as in classes[0], got 0; texts: ['x'] takes all for texts`,
      [0, 1],
      { classes: ['0th', '1st', '2nd'] },
    ],
    [
      'TypeError: classes[1]: expected a value, got null, a missing one; leave it out, or put a value in its place',
      ['a', 'b'],
      any({ classes: ['a', null] }),
    ],
    [
      'RangeError: classes[2]: expected another class, got "a" twice',
      ['a', 'b'],
      { classes: ['a', 'b', 'a'] },
    ],
    ['RangeError: classes: expected at least 2, got 1', ['a', 'b'], { classes: ['a'] }],
    ['TypeError: classes: expected an array, got "ab"', ['a', 'b'], any({ classes: 'ab' })],
    [
      'RangeError: classes: expected none with task "regression"',
      [1, 2],
      { classes: [1, 2], task: 'regression' },
    ],
    [
      'RangeError: column x: expected at most 2 categories (maxCategories), got more',
      ['a', 'b'],
      { classes: ['a', 'b', 'c'], maxCategories: 2 },
    ],
  ])('%s', (message, values, options) => {
    expect(thrown(() => classes(values, options))).toBe(message)
  })

  it('are none of pairs', () => {
    const pairs = [{ input: { a: 1 }, output: { b: 1 } }]
    expect(thrown(() => Model.create(pairs, { classes: ['a', 'b'] }))).toBe(
      'RangeError: classes: expected none beside pairs, whose inputs and outputs have names',
    )
    expect(thrown(() => Model.create(pairs, { texts: ['a'] }))).toBe(
      'RangeError: texts: expected none beside pairs, whose inputs and outputs have names',
    )
  })
})
