/** From batches of rows to the text of their answers: `deltaprop predict` writes it, and so does who has a part of a file. */
import { amended, errorDetails } from '../base/argument-error.js'
import { remediableError } from '../base/remedies.js'
import { isCategorical, isLabel } from '../model/column.js'
import type { Answer, Model } from '../model/index.js'
import { csvFields } from './csv-fields.js'
import type { Rows } from './json-table.js'
import { isMissingIn } from './known-columns.js'
import { asData, rowNumber } from './rows.js'
import { safeJSON } from './safe-json.js'

/** How answers are written. */
export interface AnswerFormat {
  /** JSON lines, exact to the bit, instead of CSV */
  readonly json: boolean
  /** of CSV */
  readonly delimiter: string
  /** whether an apostrophe keeps spreadsheets from taking texts for formulas */
  readonly escapeFormulas: boolean
}

/** What is told while answers are written. */
export interface AnswerListener {
  /** once, with the first text that is a formula to spreadsheets */
  readonly onFormula?: (text: string) => void
  /** what was recognised in the file, in words for people */
  readonly onNotes?: (rows: Rows) => void
}

/** Writes the answers of a model. */
export class AnswerWriter {
  /** what comes before the first answer; empty for JSON lines */
  readonly header: string
  readonly listener: AnswerListener
  readonly #line: (answer: Answer) => string

  /** @param shown replaces what the destination must not get */
  constructor(
    model: Model,
    { json, delimiter, escapeFormulas }: AnswerFormat,
    listener: AnswerListener = {},
    shown?: (text: string) => string,
  ) {
    const precision = model.network.layers[0].weights instanceof Float64Array ? 'f64' : 'f32'
    const field = csvFields(delimiter, escapeFormulas, (text) => listener.onFormula?.(text), shown)
    this.listener = listener
    this.#line = json ? jsonLine : csvLine(model, delimiter, precision, field)
    this.header = json ? '' : csvHeader(model, delimiter, field)
  }

  /** A line for each answer. */
  lines(answers: readonly Answer[]): string {
    return answers.map((answer) => `${this.#line(answer)}\n`).join('')
  }
}

/**
 * The answers for all rows, a text for each batch, without the header.
 *
 * @throws RangeError or TypeError that names row and column; they are about a file, and name no argument
 */
export async function* answerTexts(
  model: Model,
  batches: AsyncIterable<Rows>,
  writer: AnswerWriter,
): AsyncGenerator<string, void, void> {
  try {
    for await (const rows of batches) {
      checkNoneMissing(rows, model)
      const answers = model.predict(asData(rows))
      writer.listener.onNotes?.(rows)
      yield writer.lines(answers)
    }
  } catch (error) {
    const path = errorDetails(error)?.path
    throw path === 'data' || path === 'source' ? amended(error, () => ({ path: undefined })) : error
  }
}

/** @throws RangeError for a missing value, which was read as NaN, null or an empty text */
function checkNoneMissing(rows: Rows, { inputs }: Model): void {
  const known = new Map(inputs.map((column) => [column.name, column]))
  for (const { name, values } of rows.columns) {
    const column = known.get(name)
    if (column === undefined) continue
    for (let row = 0; row < rows.rows; ++row) {
      if (!isMissingIn(column, values[row])) continue
      const place = { row: rowNumber(rows, row + 1), column: name }
      const remedies =
        column.kind === 'number' ? [{ option: 'missing', effect: 'takes a number for it' }] : []
      throw remediableError(place, 'a value', 'a missing one', remedies)
    }
  }
}

/** The answer as JSON, with control characters escaped, as it may go to a terminal. */
function jsonLine(answer: Answer): string {
  return safeJSON(JSON.stringify(answer))
}

function csvHeader({ outputs }: Model, delimiter: string, field: (text: string) => string): string {
  const probabilities = probabilityNames(outputs).map((name) => `P(${name})`)
  const names = [...outputs.map(({ name }) => name), ...probabilities]
  return `${names.map(field).join(delimiter)}\n`
}

/**
 * A function that formats an answer: the target and its class probabilities, or the targets and the label
 * probabilities.
 */
function csvLine(
  { outputs }: Model,
  delimiter: string,
  precision: 'f32' | 'f64',
  field: (text: string) => string,
): (answer: Answer) => string {
  const number = (value: number): string => String(precision === 'f64' ? value : Number(value.toPrecision(7)))
  const text = (value: unknown): string =>
    typeof value === 'number' ? number(value) : field(showCategory(value))
  const names = probabilityNames(outputs)
  return (answer) => {
    const probabilities = names.map((name) => number(answer.probabilities?.[name] ?? NaN))
    return [...outputs.map(({ name }) => text(answer[name])), ...probabilities].join(delimiter)
  }
}

/** The names that have probabilities: the classes, or the labels. */
function probabilityNames(outputs: Model['outputs']): string[] {
  const [output] = outputs
  if (isCategorical(output)) return output.categories.map(String)
  return isLabel(output) ? outputs.map(({ name }) => name) : []
}

function showCategory(value: unknown): string {
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : ''
}
