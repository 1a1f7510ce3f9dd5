/** Files of parts: what one machine has done of a search or a cross-validation, as JSON. */
import { stat } from 'node:fs/promises'
import { rangeError, typeError } from '../../base/argument-error.js'
import { checkInteger, checkName, checkObject, show } from '../../base/check.js'
import { jsonOf } from '../../formats/numbers.js'
import { readShape, type Fields } from '../../formats/shapes.js'
import { version } from '../../index.js'
import { NamedError } from '../../node/files.js'
import { parseJSONBytes } from '../../node/format.js'
import type { JudgedFold, JudgedTrial } from '../../selection/judged.js'
import type { NumberedFold } from '../../selection/parts.js'
import { readEvaluation } from '../../selection/saved-evaluation.js'
import { inFile, readWhole, showFile, writeWhole } from '../files.js'

const FORMAT = 'deltaprop.part'

/** A larger file is taken for something else. */
const MAX_BYTES = 2 ** 28

/** The table that was read. */
export interface PartData {
  readonly file: string
  readonly rows: number
  readonly columns: number
  readonly notes: readonly string[]
  /** see digestOf */
  readonly digest: string
}

interface CommonPart {
  /** its number, from 0, and that of all parts */
  readonly part: number
  readonly of: number
  readonly data: PartData
  /** as they were typed: see recordOptions; without those that change no result */
  readonly options: readonly string[]
  /** on the classes of the data */
  readonly notes: readonly string[]
}

export interface SearchPart extends CommonPart {
  readonly command: 'search'
  readonly trials: readonly JudgedTrial[]
}

export interface ValidationPart extends CommonPart {
  readonly command: 'cross-validate'
  readonly folds: readonly NumberedFold[]
}

export type AnyPart = SearchPart | ValidationPart

/** Numbers that JSON lacks, NaN, ±Infinity and −0, are texts. */
export function writePart(part: AnyPart): unknown {
  return jsonOf({ format: FORMAT, version, ...part })
}

/** Writes it as a whole or not at all. @throws Error that names the file */
export function savePart(path: string, part: AnyPart): Promise<void> {
  return writeWhole(path, `${JSON.stringify(writePart(part))}\n`)
}

const fold: Fields = { evaluation: 'any', rows: 'count', epochs: 'count', seconds: 'number' }

const common: Fields = {
  format: 'any',
  version: 'any',
  part: 'count',
  of: 'count',
  data: { file: 'any', rows: 'count', columns: 'count', notes: ['any'], digest: 'any' },
  options: ['any'],
  notes: ['any'],
  command: 'any',
}

const commands: Readonly<Record<AnyPart['command'], Fields>> = {
  search: {
    ...common,
    trials: [{ trial: 'count', folds: [fold], seconds: 'number', 'failure?': 'any' }],
  },
  'cross-validate': { ...common, folds: [{ fold: 'count', ...fold }] },
}

/** @throws Error that names the file, and what is wrong in it */
export async function readPartFile(path: string): Promise<AnyPart> {
  const { size = 0 } = (await stat(path).catch(() => undefined)) ?? {}
  if (size > MAX_BYTES) {
    throw new NamedError(showFile(path), rangeError({}, `a part of at most ${MAX_BYTES} bytes`, size))
  }
  const bytes = await readWhole(path)
  return inFile(path, () => readPart(parseJSONBytes(bytes)))
}

/** @throws TypeError or RangeError for anything that writePart would not write, or another version would */
function readPart(json: unknown): AnyPart {
  const given = checkObject('json', json)
  if (given.format !== FORMAT) throw rangeError('format', `"${FORMAT}", of --part`, show(given.format))
  if (given.version !== version) {
    throw rangeError('version', `${version}, that of this deltaprop`, show(given.version))
  }
  const command = checkName('command', given.command, Object.keys(commands) as AnyPart['command'][])
  const part = readShape('part', given, commands[command]) as AnyPart
  const { data, of, options, notes } = part
  checkInteger('part.of', of, { min: 1 })
  checkInteger('part.part', part.part, { max: of - 1 })
  checkTexts('part.data', [data.file, data.digest])
  checkTexts('part.data.notes', data.notes)
  checkTexts('part.options', options)
  checkTexts('part.notes', notes)
  return part.command === 'search'
    ? { ...part, trials: part.trials.map(readTrial) }
    : { ...part, folds: part.folds.map((each, i) => readFold(`part.folds[${i}]`, each)) }
}

function readTrial({ failure, folds, ...trial }: JudgedTrial, index: number): JudgedTrial {
  const name = `part.trials[${index}]`
  if (failure !== undefined) checkTexts(`${name}.failure`, [failure])
  return { ...trial, folds: folds.map((each, i) => readFold(`${name}.folds[${i}]`, each)), failure }
}

function readFold<Fold extends JudgedFold>(name: string, fold: Fold): Fold {
  return { ...fold, evaluation: readEvaluation(`${name}.evaluation`, fold.evaluation) }
}

function checkTexts(name: string, texts: readonly unknown[]): void {
  for (const text of texts) if (typeof text !== 'string') throw typeError(name, 'texts', show(text))
}
