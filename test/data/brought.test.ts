/** Files as people bring them: each is understood, or refused with a message that says what to do. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  csvBatches,
  parseCsv,
  readCsv,
  type CsvOptions,
  type Kind,
  type Table,
} from '../../src/data/index.js'
import { Model, type Data, type ModelColumn } from '../../src/model/index.js'
import type { Case, Learning, Message, Reading } from '../brought/case.js'
import { cases } from '../brought/cases.js'
import { deltaprop } from '../support/command.js'

/** What test/brought/pandas.py writes. */
interface Frames {
  readonly files: Readonly<Record<string, Frame>>
}

interface Frame {
  readonly rows: number
  /** columns that pandas was told to have as texts */
  readonly texts: readonly string[]
  readonly columns: readonly {
    readonly name: string
    readonly dtype: string
    /** how many values are */
    readonly missing: number
    /** null where one is missing */
    readonly values: readonly (number | string | null)[]
  }[]
}

const pandas = JSON.parse(readFileSync('test/brought/pandas.json', 'utf8')) as Frames

const FILES = 'test/brought/files'
const path = (file: string): string => join(FILES, file)
const isJson = (file: string): boolean => /\.(jsonl|ndjson|json)(\.gz)?$/.test(file)
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'brought-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function expectMessage(message: unknown, expected: Message): void {
  if (typeof expected === 'string') expect(message).toBe(expected)
  else for (const each of expected instanceof RegExp ? [expected] : expected) expect(message).toMatch(each)
}

function fits(text: string, pattern: string | RegExp): boolean {
  return typeof pattern === 'string' ? text === pattern : pattern.test(text)
}

/** Every pattern has its note, and every note its pattern. */
function expectNotes({ notes = [] }: Table, patterns: Reading['notes']): void {
  expect(patterns.filter((pattern) => !notes.some((note) => fits(note, pattern)))).toEqual([])
  expect(notes.filter((note) => !patterns.some((pattern) => fits(note, pattern)))).toEqual([])
}

function expectTable(table: Table, { columns = [], notes, numbers }: Reading): void {
  expect(table.columns.map(({ name, values }) => [name, Array.from<unknown>(values)])).toEqual(columns)
  for (const [i, { kind, values }] of table.columns.entries()) {
    const first = columns[i][1].at(0)
    if (first !== undefined) expect(kind).toBe(typeof first === 'number' ? 'number' : 'text')
    expect(values).toHaveLength(table.rows)
  }
  expectNotes(table, notes)
  expect(table.numbers && Array.from(table.numbers)).toEqual(numbers)
}

/** The table, or the message of the error. */
async function outcomeOf(read: () => Table | Promise<Table>): Promise<Table | string> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof Error) return error.message
    throw error
  }
}

function expectReading(outcome: Table | string, reading: Reading): void {
  const { columns, error } = reading
  if (typeof outcome === 'string') {
    expect(outcome, 'an error').toSatisfy(() => error !== undefined)
    if (error !== undefined) expectMessage(outcome, error)
  } else {
    expect(columns, 'an error, not a table').toBeDefined()
    expectTable(outcome, reading)
  }
}

/** Readings by the options that they have, so that their tests have names. */
const readings = cases.flatMap(({ file, about, readings: some = [] }) =>
  some.map((reading) => ({ file, about, reading, options: showOptions(reading.options) })),
)

function showOptions(options: CsvOptions): string {
  return JSON.stringify(options, (_, value: unknown) => (typeof value === 'function' ? 'a function' : value))
}

/** What a model of a case learns from: the first table that its readings give, or its JSON lines. */
function dataOf({ file, readings: some = [] }: Case): Data {
  const bytes = readFileSync(path(file))
  if (isJson(file)) {
    const text = (isGzip(bytes) ? gunzipSync(bytes) : bytes).toString('utf8')
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as object)
  }
  const reading = some.find(({ columns }) => columns !== undefined)
  return parseCsv(isGzip(bytes) ? gunzipSync(bytes) : bytes, reading?.options)
}

function namesAndKinds(columns: readonly ModelColumn[]): unknown[] {
  return columns.map((column) => [column.name, 'categories' in column ? column.categories : column.kind])
}

async function learn(data: Data, { options, inputs, outputs }: Learning): Promise<void> {
  const model = Model.create(data, { hidden: [4], seed: 1, ...options })
  if (inputs !== undefined) expect(namesAndKinds(model.inputs)).toEqual(inputs)
  if (outputs !== undefined) expect(namesAndKinds(model.outputs)).toEqual(outputs)
  await model.fit(data, { epochs: 3 })
  const answers = Model.fromBytes(model.toBytes()).predict(data)
  const rows = 'rows' in data ? data.rows : data.length
  expect(answers).toHaveLength(rows)
  for (const { name } of model.outputs) {
    for (const answer of answers) {
      const value = answer[name]
      if (typeof value === 'number') expect(value).toSatisfy(Number.isFinite)
      else expect(['string', 'boolean', 'object']).toContain(typeof value)
    }
  }
  expect(model.evaluate(data).loss).toSatisfy(Number.isFinite)
}

const learnings = cases.flatMap((one) =>
  (one.models ?? []).map((learning) => ({
    one,
    learning,
    name: `${one.file}: ${JSON.stringify(learning.options)}, ${learning.error === undefined ? 'learns' : 'is refused'}`,
  })),
)

describe('the folder', () => {
  it('has at least 60 files, each of which has a case', () => {
    const files = readdirSync(FILES)
    expect(files.length).toBeGreaterThanOrEqual(60)
    expect(cases.map(({ file }) => file).sort()).toEqual(files.sort())
    for (const { readings: some = [], models = [], runs = [] } of cases)
      expect(some.length + models.length + runs.length).toBeGreaterThan(0)
  })
})

describe('readCsv', () => {
  it.each(readings)('$file $options: $about', async ({ file, reading }) => {
    const bytes = readFileSync(path(file))
    expectReading(await outcomeOf(() => readCsv(bytes, reading.options)), reading)
  })
})

describe('readCsv of bytes that come one by one, parseCsv and csvBatches', () => {
  it.each(readings)('$file $options: say the same', async ({ file, reading }) => {
    const bytes = readFileSync(path(file))
    const single = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1))
    expectReading(await outcomeOf(() => readCsv(single, reading.options)), reading)

    const parsed = await outcomeOf(() => parseCsv(bytes, reading.options))
    if (isGzip(bytes)) expect(parsed).toMatch(/readCsv/)
    else expectReading(parsed, reading)

    const batch = await outcomeOf(async () => {
      for await (const table of csvBatches(bytes, { ...reading.options, batchRows: 1000 })) return table
      return { rows: 0, columns: [] }
    })
    if (reading.columns?.every(([, values]) => values.length === 0) !== true) expectReading(batch, reading)
  })
})

describe('Model', () => {
  it.each(learnings)('$name', async ({ one, learning }) => {
    const data = dataOf(one)
    if (learning.error === undefined) {
      await learn(data, learning)
      return
    }
    const outcome = await learn(data, learning).then(
      () => 'no error',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    expectMessage(outcome, learning.error)
  })

  it('a column that is constant but for rounding changes nothing', () => {
    const table = parseCsv(readFileSync(path('constant-but-for-rounding.csv')))
    for (const scale of ['standardize', 'minMax'] as const) {
      const model = Model.create(table, { target: 'y', scale, hidden: [], seed: 1 })
      const [at, beside] = [0.3, 0.31].map((c) => Number(model.predict({ x: 2, c }).y))
      expect(Math.abs(beside - at)).toBeLessThan(1)
    }
  })
})

/** Reads batches to their end. */
async function last(batches: AsyncIterable<Table>): Promise<Table | undefined> {
  let read: Table | undefined
  for await (const table of batches) read = table
  return read
}

describe('what is wrong in row 4322', () => {
  const LAST = 5000
  const rows = (wrong: string): string[] =>
    Array.from({ length: LAST }, (_, i) => (i === 4321 ? wrong : `${i},${i % 2 === 0 ? 'a' : 'b'}`))
  const withNames = (wrong: string): string => `x,kind\n${rows(wrong).join('\n')}\n`
  const first = parseCsv(
    withNames('1,a')
      .slice(0, 1000)
      .replace(/[^\n]*$/, ''),
  )

  it('a text in a column of numbers, in line 4323 behind the names', async () => {
    const text = withNames('oops,a')
    const expected =
      /^line 4323, column x: expected a number, as in 4999 of 5000 rows, got "oops"; missingValues: \['oops'\]/
    expectMessage(await outcomeOf(() => parseCsv(text)), expected)
    expectMessage(await outcomeOf(() => readCsv([text.slice(0, 7000), text.slice(7000)])), expected)
    const batches = csvBatches(text, { batchRows: 1000 })
    await expect(last(batches)).rejects.toThrow(/^line 4323, column x: expected a number, got "oops"/)
  })

  it('a category that training had none of, in batches', async () => {
    const model = Model.create(first, { target: 'kind', hidden: [] })
    const batches = (): ReturnType<typeof csvBatches> => csvBatches(withNames('7,c'), { batchRows: 1000 })
    const expected = 'row 4322, column kind: expected one of a, b, got "c"'
    await expect(model.fit(batches, { epochs: 1 })).rejects.toThrow(expected)
    const whole = parseCsv(withNames('7,c'))
    await expect(model.fit(whole, { epochs: 1 })).rejects.toThrow(expected)
    expect(() => model.evaluate(whole)).toThrow(expected)
  })

  it('the same behind rows that were dropped', async () => {
    const text = withNames('7,c').replace('\n10,a\n', '\n,a\n').replace('\n2000,a\n', '\n?,a\n')
    const table = parseCsv(text, { missing: 'drop' })
    expect(table.rows).toBe(LAST - 2)
    expect(table.numbers?.[table.numbers.length - 1]).toBe(LAST)
    const model = Model.create(first, { target: 'kind', hidden: [] })
    const expected = 'row 4322, column kind: expected one of a, b, got "c"'
    await expect(model.fit(table, { epochs: 1 })).rejects.toThrow(expected)
    const batches = (): ReturnType<typeof csvBatches> =>
      csvBatches(text, { missing: 'drop', batchRows: 1000 })
    await expect(model.fit(batches, { epochs: 1 })).rejects.toThrow(expected)
  })

  it('on the command line, in CSV and JSON lines, of train, evaluate and predict', async () => {
    const toJson = (lines: readonly string[]): string =>
      lines
        .map((line) => line.split(','))
        .map(([x, kind]) => JSON.stringify({ x: Number.isNaN(Number(x)) ? x : Number(x), kind }))
        .join('\n')
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const good = write('good.csv', withNames('1,a'))
    const model = join(folder, 'good.safetensors')
    const trained = await deltaprop(['train', good, '-t', 'kind', '-o', model, '--epochs', '1'])
    expect(trained).toMatchObject({ code: 0, stderr: '' })
    const [oops, c, oopsJson, cJson] = [
      write('oops.csv', withNames('oops,a')),
      write('c.csv', withNames('7,c')),
      write('oops.jsonl', toJson(rows('oops,a'))),
      write('c.jsonl', toJson(rows('7,c'))),
    ]
    const outcomes = await Promise.all(
      [
        ['train', oops, '-t', 'kind', '-o', join(folder, 'not')],
        ['train', oopsJson, '-t', 'kind', '-o', join(folder, 'not')],
        ['evaluate', model, c],
        ['evaluate', model, cJson],
        ['predict', model, oops],
        ['predict', model, oopsJson],
      ].map((args) => deltaprop(args)),
    )
    expect(outcomes.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1, 1])
    for (const [i, pattern] of [
      /line 4323, column x: .*"oops"/,
      /(row|line) 4322, column x: .*"oops"/,
      /row 4322, column kind: expected one of a, b, got "c"/,
      /(row|line) 4322, column kind: expected one of a, b, got "c"/,
      /line 4323, column x: .*"oops"/,
      /(row|line) 4322, column x: .*"oops"/,
    ].entries())
      expect(outcomes[i].stderr).toMatch(pattern)
  })
})

/** Where the readers mean something else than pandas, by file and column, and why. */
const meant: Readonly<Partial<Record<string, Partial<Record<string, string>>>>> = {
  'r-na.csv': { kind: 'NA among texts is a text' },
  'r-na-quoted.csv': { kind: 'NA among texts is a text' },
  'r-csv2.csv': { kind: 'NA among texts is a text' },
  'r-logicals.csv': { flag: 'NA among texts is a text' },
  'country-na.csv': { country: 'NA among texts is a text' },
  'question-marks.csv': { horsepower: '? is missing', name: '? is missing' },
  'marks-of-both-kinds.csv': {
    n: '? and dashes are missing among numbers',
    t: 'NA and None among texts are texts, ? is missing',
  },
  'dashes.csv': { size: 'dashes are missing among numbers' },
  'sql-none.csv': { size: 'None is missing among numbers; pandas has it in its list from 2.0 on' },
  'excel-errors.csv': {
    ratio: 'all errors of a spreadsheet are missing, not #N/A alone',
    kind: 'all errors of a spreadsheet are missing, not #N/A alone',
  },
  'excel-errors-all.csv': { x: 'all errors of a spreadsheet are missing, not #N/A alone' },
}

describe('pandas', () => {
  const missing = (value: unknown): unknown => (value === '' || Number.isNaN(value) ? null : value)
  const byFile = new Map(cases.map((one) => [one.file, one]))

  it('has read most of the files', () => expect(Object.keys(pandas.files).length).toBeGreaterThan(60))

  it.each(Object.entries(pandas.files).map(([file, frame]) => ({ file, frame })))(
    '$file: the same columns, kinds, values and gaps, but for what is meant',
    async ({ file, frame }) => {
      const options = byFile.get(file)?.readings?.find(({ columns }) => columns !== undefined)?.options
      const kinds = Object.fromEntries(frame.texts.map((name) => [name, 'text' as const]))
      const table = await readCsv(readFileSync(path(file)), {
        ...options,
        columns: frame.columns.map(({ name }) => name),
        kinds: { ...(options?.kinds as Record<string, Kind> | undefined), ...kinds },
        missing: 'keep',
      })
      expect(table.columns.map(({ name }) => name)).toEqual(frame.columns.map(({ name }) => name))
      expect(table.rows).toBe(frame.rows)
      for (const [i, { name, values }] of table.columns.entries()) {
        const ours = Array.from(values as ArrayLike<unknown>, missing)
        const theirs: unknown = frame.columns[i].values
        if (meant[file]?.[name] === undefined) {
          expect(ours).toEqual(theirs)
          expect(ours.filter((value) => value === null)).toHaveLength(frame.columns[i].missing)
        } else expect(ours).not.toEqual(theirs)
      }
    },
  )

  it('every difference that is meant is one of a file that pandas has read', () => {
    expect(Object.keys(meant).filter((file) => !(file in pandas.files))).toEqual([])
  })
})
