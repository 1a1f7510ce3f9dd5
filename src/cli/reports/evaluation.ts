/** What a model is worth on rows, as a table and a matrix. */
import { isCategorical } from '../../model/column.js'
import type { Model } from '../../model/index.js'
import { drawConfusions } from '../charts/confusion.js'
import { drawTable } from '../charts/table.js'
import { count, counted, percent, short } from '../numbers.js'
import { print } from '../output.js'
import { colors, field, printable, title, width } from '../terminal.js'

type Evaluation = ReturnType<Model['evaluate']>
type Classification = Extract<Evaluation, { kind: 'classification' }>
type Multilabel = Extract<Evaluation, { kind: 'multilabel' }>
type Regression = Extract<Evaluation, { kind: 'regression' }>

/** Classes that get a line of their own. */
const MOST_CLASSES = 30

/** @param how what the rows are, behind their number */
export function reportEvaluation(
  heading: string,
  rows: number,
  how: string,
  model: Model,
  evaluation: Evaluation,
): void {
  print(title(heading, [counted(rows, 'row'), how].join(' ').trimEnd()))
  switch (evaluation.kind) {
    case 'classification':
      return reportClassification(classNames(model), evaluation)
    case 'multilabel':
      return reportMultilabel(evaluation)
    case 'regression':
      return reportRegression(evaluation)
  }
}

/** The names of a classifier's classes, in the order of its outputs. */
function classNames({ outputs }: Model): string[] {
  const [output] = outputs
  return isCategorical(output) ? output.categories.map(String) : []
}

function reportClassification(classes: readonly string[], evaluation: Classification): void {
  const { accuracy, confusionMatrix, perClass, macro, kappa, matthews, rocAuc, logLoss, brier } = evaluation
  print(field('Accuracy', percent(accuracy)))
  print(
    field(
      'Also',
      `Cohen’s κ ${kappa.toFixed(3)}, Matthews ${matthews.toFixed(3)}, ROC AUC ${show(rocAuc)}, log loss ${short(logLoss)}, Brier ${short(brier)}`,
    ),
  )
  const matrix = drawConfusions(classes, confusionMatrix, width)
  if (matrix !== undefined) {
    print(`\n${colors.dim('rows: what it is; columns: what it was taken for')}\n\n${matrix}`)
  }
  const each = classes.slice(0, MOST_CLASSES).map((name, c) => {
    const rows = confusionMatrix[c].reduce((sum, n) => sum + n, 0)
    const { precision, recall, f1 } = perClass
    return line(printable(name, 24), precision[c], recall[c], f1[c], count(rows))
  })
  const rest =
    classes.length > MOST_CLASSES ? [[`… ${classes.length - MOST_CLASSES} more`, '', '', '', '']] : []
  print()
  print(
    drawTable(columns('class', ['precision', 'recall', 'F1', 'rows']), [
      ...each,
      ...rest,
      line('mean', macro.precision, macro.recall, macro.f1, ''),
    ]),
  )
}

function reportMultilabel(evaluation: Multilabel): void {
  const { labels, subsetAccuracy, hammingLoss, perLabel, rocAuc, logLoss } = evaluation
  print(field('All right', `${percent(subsetAccuracy)} of the rows have all labels right (subset accuracy)`))
  print(
    field(
      'Also',
      `${percent(hammingLoss)} of all labels are wrong (Hamming loss), ROC AUC ${show(rocAuc)}, log loss ${short(logLoss)}`,
    ),
  )
  const each = labels.slice(0, MOST_CLASSES).map((name, c) => {
    const { precision, recall, f1 } = perLabel
    return line(printable(name, 24), precision[c], recall[c], f1[c], show(perLabel.rocAuc[c]))
  })
  const rest =
    labels.length > MOST_CLASSES ? [[`… ${labels.length - MOST_CLASSES} more`, '', '', '', '']] : []
  const means = (['macro', 'micro', 'weighted', 'samples'] as const).map((name) => {
    const { precision, recall, f1 } = evaluation[name]
    return line(`${name} mean`, precision, recall, f1, '')
  })
  print()
  print(drawTable(columns('label', ['precision', 'recall', 'F1', 'ROC AUC']), [...each, ...rest, ...means]))
}

function line(name: string, precision: number, recall: number, f1: number, last: string): string[] {
  return [name, percent(precision), percent(recall), percent(f1), last]
}

function columns(first: string, numbers: readonly string[]): Parameters<typeof drawTable>[0] {
  const right = numbers.map((title) => ({ title, align: 'right' }) as const)
  return [{ title: first, align: 'left' }, ...right]
}

function reportRegression({ meanSquared, rootMeanSquared, meanAbsolute, r2 }: Regression): void {
  print(field('R²', r2.toFixed(4)))
  print(field('RMSE', `${short(rootMeanSquared)}, root of the mean squared error ${short(meanSquared)}`))
  print(field('MAE', `${short(meanAbsolute)}, mean absolute error`))
}

function show(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(3)
}
