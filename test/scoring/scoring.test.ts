/** A file in pieces has the answers, and the errors, of the whole file. */
import { describe, expect, it } from 'vitest'
import { Model } from '../../src/model/index.js'
import { AnswerWriter, answerTexts } from '../../src/scoring/answers.js'
import { cutRows, planRows, predictPiece, type Piece, type ScoringOptions } from '../../src/scoring/index.js'
import { knownColumns } from '../../src/scoring/known-columns.js'
import { openRows } from '../../src/scoring/rows.js'

const rows = [
  { size: 1.5, weight: 1000, colour: 'r\ne;d', kind: 'apple' },
  { size: -2, weight: 3000.5, colour: 'gré"en', kind: 'melon' },
  { size: 4, weight: 250, colour: '', kind: 'é' },
]
const model = Model.create(rows, { target: 'kind', hidden: [4], seed: 1 })
const numbers = Model.create(
  [
    { a: 1, y: 2 },
    { a: 3, y: 5.5 },
  ],
  { target: 'y', seed: 2 },
)

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const latin1 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'latin1'))

/** Chunks that end anywhere. */
function chunksOf(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => {
    return bytes.subarray(i * size, (i + 1) * size)
  })
}

/** The answers, then the error if there is one. */
async function collected(texts: AsyncIterable<string>, header: string): Promise<[string, string]> {
  let all = header
  try {
    for await (const text of texts) all += text
  } catch (error) {
    return [all, String(error)]
  }
  return [all, '']
}

/** As `deltaprop predict` has them. */
async function whole(by: Model, bytes: Uint8Array, options: ScoringOptions): Promise<[string, string]> {
  const { name = '', json = false, escapeFormulas = false, missing = 'keep', delimiter = ',' } = options
  const writer = new AnswerWriter(by, { json, escapeFormulas, delimiter })
  const given = { ...options, missing, ...knownColumns(by.inputs) } as const
  const { batches } = await openRows(name, chunksOf(bytes, 1000) as never, given)
  return collected(answerTexts(by, batches, writer), writer.header)
}

async function piecesOf(
  by: Model,
  bytes: Uint8Array,
  options: ScoringOptions,
  size: number,
): Promise<{ answers: [string, string]; pieces: Piece[] }> {
  const plan = await planRows(by, chunksOf(bytes, 700), options)
  // As it is after a way through JSON, too.
  const sent = JSON.parse(JSON.stringify(plan)) as typeof plan
  const pieces: Piece[] = []
  const texts = (async function* () {
    for await (const piece of cutRows(chunksOf(bytes, 777), plan, { bytes: size })) {
      pieces.push(piece)
      yield* predictPiece(by, sent, piece)
    }
  })()
  return { answers: await collected(texts, plan.header), pieces }
}

const random = (i: number): number => Math.imul(i + 1, 0x9e3779b1) >>> 0

/** Rows with line breaks in quotes, and empty lines. @param end of lines */
function csvOf(
  count: number,
  delimiter: string,
  end: string,
  number: (value: number) => string = String,
): string {
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`
  const lines = Array.from({ length: count }, (_, i) => {
    const { colour } = rows[random(i) % 3]
    const fields = [number((random(i) % 1000) / 10), quote(colour), `x${i}`, number(random(i) % 4000)]
    return `${random(i) % 50 === 0 ? end : ''}${fields.join(delimiter)}${end}`
  })
  return ['size', '"colour"', quote(`o\nther`), 'weight'].join(delimiter) + end + lines.join('')
}

const german = (value: number): string => value.toLocaleString('de-DE', { maximumFractionDigits: 2 })

const files: Record<string, [bytes: Uint8Array, options?: ScoringOptions]> = {
  'commas, LF': [bytesOf(csvOf(5000, ',', '\n'))],
  'semicolons, CRLF, a byte order mark': [bytesOf(`\ufeff${csvOf(5000, ';', '\r\n')}`), { delimiter: ';' }],
  'a line that names the delimiter, decimal commas and points between thousands': [
    bytesOf(`sep=;\r\n${csvOf(5000, ';', '\r\n', german)}`),
  ],
  'recognised semicolons and decimal commas': [bytesOf(csvOf(4096, ';', '\n', german).trimEnd())],
  'tabs by the name of the file': [bytesOf(csvOf(3000, '\t', '\n')), { name: 'rows.tsv', json: true }],
  'Windows-1252': [latin1(csvOf(5000, ',', '\n')), { encoding: 'latin1' }],
  'JSON lines': [bytesOf(jsonOf(5000)), { json: true }],
  'JSON lines, with a byte order mark': [bytesOf(`\ufeff${jsonOf(5000)}`)],
}

function jsonOf(count: number): string {
  return Array.from({ length: count }, (_, i) => {
    const { colour } = rows[random(i) % 3]
    const line = JSON.stringify({ size: random(i) % 9, colour, weight: random(i) % 4000, é: '"' })
    return `${line}\n${random(i) % 40 === 0 ? ' \u00a0\r\n' : ''}`
  }).join('')
}

describe('a file in pieces', () => {
  for (const [name, [bytes, options = {}]] of Object.entries(files)) {
    it(`${name}: the answers of the whole file`, async () => {
      const expected = await whole(model, bytes, options)
      expect(expected[1]).toBe('')
      expect(expected[0].split('\n').length).toBeGreaterThan(3000)
      for (const size of [1, 30_000, 2 ** 30]) {
        const { answers, pieces } = await piecesOf(model, bytes, options, size)
        expect(answers).toEqual(expected)
        expect(pieces.length > 1).toBe(size < 2 ** 30)
        for (const piece of pieces) {
          expect(piece.rows % 1024).toBe(0)
          expect(piece.bytes).toEqual(bytes.slice(piece.start, piece.start + piece.bytes.length))
        }
      }
    })
  }

  it('numbers rows and lines as in the whole file, in all errors', async () => {
    const csv = csvOf(5000, ',', '\n')
    const lines = csv.split('\n')
    const at = csv.indexOf('\n', csv.length / 2) + 1
    const wrong = [
      `${csv}1,"red",x,wide\n`,
      `${csv}1,"blue",x,3\n${csv.slice(csv.indexOf('\n', 30))}`,
      `${csv},"",x,3\n`,
      `${csv}1,2\n`,
      `${csv}1,"r\ne;d",x,a"b\n1,2\n`,
      `${csv}1,"never closed\n${'x,\n'.repeat(1_000_000)}`,
      csv.slice(0, at) + csv.slice(at).replaceAll('\n', '\r'),
      lines.slice(0, 1).join('\n'),
      'size,weight\n1,2\n',
      `${csv}${'9'.repeat(400)},"",x,3\n`,
      jsonOf(3000) + '{"size": 1, "weight": 2}\n',
      jsonOf(3000) + '\n\nnull\n',
      jsonOf(3000) + '{"size": "x", "weight": 2, "colour": ""}',
    ]
    for (const text of wrong) {
      const bytes = bytesOf(text)
      const expected = await whole(model, bytes, {})
      expect(expected[1], text.slice(-40)).toMatch(/^RangeError|^TypeError/)
      const outcome = await piecesOf(model, bytes, {}, 1).then(
        ({ answers }) => answers[1],
        (error: unknown) => String(error),
      )
      expect(outcome).toBe(expected[1])
    }
  })

  it('a file without rows has a header; numbers in JSON have all their digits', async () => {
    const { answers, pieces } = await piecesOf(numbers, bytesOf('a\n\n\n'), {}, 1)
    expect([answers, pieces]).toEqual([['y\n', ''], []])
    const json = await piecesOf(numbers, bytesOf('a\n1\n'), { json: true }, 1)
    expect(json.answers[0]).toBe(`${JSON.stringify(numbers.predict({ a: 1 }))}\n`)
  })

  it('pieces of fewer rows, for answers that are large', async () => {
    const bytes = bytesOf(csvOf(2000, ',', '\n'))
    const plan = await planRows(model, chunksOf(bytes, 700))
    let [answers, count] = [plan.header, 0]
    for await (const piece of cutRows(chunksOf(bytes, 777), plan, { rows: 100 })) {
      expect(piece.rows).toBe(100 * count++)
      for await (const text of predictPiece(model, plan, piece)) answers += text
    }
    expect(count).toBe(20)
    expect([answers, '']).toEqual(await whole(model, bytes, {}))
  })

  it('a missing number is taken for another', async () => {
    const bytes = bytesOf(`a\n${'1\n?\n'.repeat(1500)}`)
    const { answers } = await piecesOf(numbers, bytes, { missing: 2 }, 1)
    expect(answers).toEqual(await whole(numbers, bytes, { missing: 2 }))
  })

  it('the first formula is told, and escaped on request', async () => {
    const formulas = Model.create(
      [
        { a: 1, y: '=1' },
        { a: 2, y: '=2' },
      ],
      { target: 'y', seed: 1 },
    )
    const plan = await planRows(formulas, [bytesOf('a\n1\n2\n')])
    const told: string[] = []
    const piece = { bytes: bytesOf('1\n1\n'), rows: 0, line: 2 }
    const texts = predictPiece(formulas, plan, piece, { onFormula: (text) => told.push(text) })
    expect((await collected(texts, ''))[1]).toBe('')
    expect(told).toEqual([formulas.predict({ a: 1 }).y])
  })
})

describe('what cannot be read in pieces', () => {
  it.each([
    [
      [Uint8Array.of(0x1f), Uint8Array.of(0x8b, 8, 0, 0)],
      'expected a file whose pieces can be read by themselves, got gzip; unpack it',
    ],
    [
      [Uint8Array.from(Buffer.from('\ufeffa\n1\n', 'utf16le'))],
      'expected an encoding whose line feed is a byte of its own, such as UTF-8, got utf-16le; iconv makes UTF-8 of it',
    ],
    [[bytesOf('b\n1\n')], 'columns: expected the name of one column at least, got none'],
  ])('%#', async (chunks, message) => {
    await expect(planRows(numbers, chunks)).rejects.toThrow(new RangeError(message))
  })

  it('options are checked', async () => {
    const chunks = [bytesOf('a\n1\n')]
    await expect(planRows(numbers, chunks, { delimeter: ';' } as never)).rejects.toThrow(
      'did you mean delimiter?',
    )
    await expect(planRows(numbers, 'rows.csv' as never)).rejects.toThrow('source: expected chunks of bytes')
    await expect(planRows({} as never, chunks)).rejects.toThrow('model: expected a Model, got an object')
    const plan = await planRows(numbers, chunks)
    expect(() => cutRows(chunks, plan, { bytes: 0 })).toThrow('bytes: expected an integer >= 1, got 0')
    expect(() => cutRows(chunks, plan, { rows: 0.5 })).toThrow('rows: expected an integer >= 1, got 0.5')
  })
})
