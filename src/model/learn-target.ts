/** Determines what a model predicts: classes, labels or numbers. */
import { rangeError, typeError } from '../base/argument-error.js'
import { remediableError } from '../base/remedies.js'
import { showName } from '../base/check.js'
import { suggestion } from '../base/suggest.js'
import type { CategoryColumn, CategoryKind, LabelColumn, ModelColumn, Scale } from './column.js'
import { encoderOf } from './encoder.js'
import { learnCategories, learnLabel, learnScale, readNumberColumn } from './learn-column.js'
import { inferKind } from './infer-kind.js'
import { showNames } from './messages.js'
import type { ResolvedModelOptions } from './options.js'
import type { Source } from './source.js'

/** The columns to predict. @throws TypeError or RangeError unless the data has them */
export function readTargets(source: Source, { target }: ResolvedModelOptions): readonly string[] {
  const targets = typeof target === 'string' ? [target] : target
  if (targets === undefined) {
    throw typeError('target', 'the name of a column or an array of names', 'undefined')
  }
  checkKnown('target', targets, source.names(0))
  return targets
}

export function learnTargets(
  source: Source,
  targets: readonly string[],
  scale: Scale,
  options: ResolvedModelOptions,
): ModelColumn[] {
  const { task, texts, classes } = options
  if (task === 'multilabel') return learnLabels(source, targets, texts)
  const extended = classes === undefined || targets.length > 1 ? source : withClasses(source, classes)
  const kinds = targets.map((name) => inferKind(extended, name, texts))
  if (isClassification(kinds, options)) return [learnClasses(source, targets, kinds, options)]
  const wrong = kinds.findIndex((kind) => kind !== 'number')
  if (wrong >= 0) {
    const got = kinds[wrong] === 'text' ? 'texts' : 'true and false'
    throw rangeError('target', 'numbers for a regression', `${got} in column ${showName(targets[wrong])}`)
  }
  return targets.map((name) => learnScale(name, readNumberColumn(source, name), scale))
}

function isClassification(kinds: readonly CategoryKind[], { task, classes }: ResolvedModelOptions): boolean {
  if (task !== undefined) return task === 'classification'
  return classes !== undefined || kinds.some((kind) => kind !== 'number')
}

/** @param kinds of the targets, including any classes given as an option */
function learnClasses(
  source: Source,
  targets: readonly string[],
  kinds: readonly CategoryKind[],
  { classes, maxCategories }: ResolvedModelOptions,
): CategoryColumn {
  if (targets.length > 1) {
    const effect = 'takes each for a label that a row has or has not'
    const remedies = kinds.includes('text') ? [] : [{ option: 'task', value: 'multilabel', effect }]
    throw remediableError('target', '1 column of classes', targets.length, remedies)
  }
  const [target] = targets
  checkTargetName(target)
  const from = classes === undefined ? source : classesAlone(classes)
  const column = learnCategories(from, target, kinds[0], maxCategories)
  if (column.categories.length < 2) {
    const only = showNames(column.categories)
    throw rangeError({ column: target }, 'at least 2 classes', `${only} alone`)
  }
  if (classes !== undefined) checkValues(source, column)
  return column
}

/** @throws RangeError that names row and column of a value that is not one of the classes */
function checkValues(source: Source, column: CategoryColumn): void {
  const encoder = encoderOf(column, undefined)
  const values = source.column(column.name)
  const ignored = new Float64Array(column.categories.length)
  for (let row = 0; row < source.rows; ++row) {
    if (!encoder.write(ignored, 0, values(row)))
      throw encoder.error(source.place(row, column.name), values(row))
  }
}

/** The classes given as an option, presented as data. */
function classesAlone(classes: readonly unknown[]): Source {
  return {
    rows: classes.length,
    has: () => true,
    names: () => [],
    column: () => (row) => classes[row],
    kind: () => undefined,
    place: (row) => ({ path: `classes[${row}]` }),
  }
}

/** The data with those classes prepended as rows. */
function withClasses(source: Source, classes: readonly unknown[]): Source {
  const given = classesAlone(classes)
  const of = (row: number): number => row - classes.length
  return {
    ...source,
    rows: classes.length + source.rows,
    column(name) {
      const values = source.column(name)
      return (row) => (row < classes.length ? classes[row] : values(of(row)))
    },
    place: (row, name) => (row < classes.length ? given.place(row, name) : source.place(of(row), name)),
  }
}

/** Columns of 0 and 1, or of true and false, each saying whether a row has a label. */
function learnLabels(source: Source, targets: readonly string[], texts: ReadonlySet<string>): LabelColumn[] {
  for (const target of targets) checkTargetName(target)
  return targets.map((name) => learnLabel(source, name, inferKind(source, name, texts)))
}

function checkTargetName(target: string): void {
  if (target !== 'probabilities') return
  throw rangeError('target', 'another name than probabilities, which the answers have')
}

/** @throws RangeError unless all names are known */
export function checkKnown(option: string, names: Iterable<string>, known: readonly string[]): void {
  const columns = new Set(known)
  const unknown = Array.from(names).find((name) => !columns.has(name))
  if (unknown === undefined) return
  throw rangeError(option, `columns of the data (${showNames(known)})`, showName(unknown), {
    hint: suggestion(unknown, known),
  })
}
