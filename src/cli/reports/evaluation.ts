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
  const line = (name: string, precision: number, recall: number, f1: number, rows: string): string[] => [
    name,
    percent(precision),
    percent(recall),
    percent(f1),
    rows,
  ]
  const each = classes.slice(0, MOST_CLASSES).map((name, c) => {
    const rows = confusionMatrix[c].reduce((sum, n) => sum + n, 0)
    const { precision, recall, f1 } = perClass
    return line(printable(name, 24), precision[c], recall[c], f1[c], count(rows))
  })
  const rest =
    classes.length > MOST_CLASSES ? [[`… ${classes.length - MOST_CLASSES} more`, '', '', '', '']] : []
  const right = ['precision', 'recall', 'F1', 'rows'].map((title) => ({ title, align: 'right' }) as const)
  print()
  print(
    drawTable(
      [{ title: 'class', align: 'left' }, ...right],
      [...each, ...rest, line('mean', macro.precision, macro.recall, macro.f1, '')],
    ),
  )
}

function reportRegression({ meanSquared, rootMeanSquared, meanAbsolute, r2 }: Regression): void {
  print(field('R²', r2.toFixed(4)))
  print(field('RMSE', `${short(rootMeanSquared)}, root of the mean squared error ${short(meanSquared)}`))
  print(field('MAE', `${short(meanAbsolute)}, mean absolute error`))
}

function show(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(3)
}
