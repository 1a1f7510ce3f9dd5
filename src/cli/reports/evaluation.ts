/** Prints metrics as tables and a matrix. */
import type { Model } from '../../model/index.js'
import { drawConfusionMatrix } from '../charts/confusion-matrix.js'
import { drawTable } from '../charts/text-table.js'
import { count, counted, percent, short } from '../format-numbers.js'
import { print } from '../output.js'
import { colors, field, printable, title, width } from '../terminal.js'

type Evaluation = ReturnType<Model['evaluate']>
type Classification = Extract<Evaluation, { kind: 'classification' }>
type Multilabel = Extract<Evaluation, { kind: 'multilabel' }>
type Regression = Extract<Evaluation, { kind: 'regression' }>

/** The most classes, labels or targets listed individually. */
const MOST_LINES = 30

/** The most characters of their names. */
const NAME = 24

/** @param how describes the rows, after their number */
export function reportEvaluation(heading: string, rows: number, how: string, evaluation: Evaluation): void {
  print(title(heading, [counted(rows, 'row'), how].join(' ').trimEnd()))
  switch (evaluation.kind) {
    case 'classification':
      return reportClassification(evaluation)
    case 'multilabel':
      return reportMultilabel(evaluation)
    case 'regression':
      return reportRegression(evaluation)
  }
}

function reportClassification(evaluation: Classification): void {
  const { accuracy, confusionMatrix, perClass, macro, kappa, matthews, rocAuc, logLoss, brier } = evaluation
  const classes = evaluation.classes.map(String)
  print(field('Accuracy', percent(accuracy)))
  print(
    field(
      'Also',
      `Cohen’s κ ${kappa.toFixed(3)}, Matthews ${matthews.toFixed(3)}, ROC AUC ${showScore(rocAuc)}, log loss ${short(logLoss)}, Brier ${short(brier)}`,
    ),
  )
  const matrix = drawConfusionMatrix(classes, confusionMatrix, width)
  if (matrix !== undefined) {
    print(`\n${colors.dim('rows: what it is; columns: what it was taken for')}\n\n${matrix}`)
  }
  const { precision, recall, f1 } = perClass
  const lines = classes.map((_, c) => {
    const rows = confusionMatrix[c].reduce((sum, n) => sum + n, 0)
    const occurs = rows > 0 || confusionMatrix.some((row) => row[c] > 0)
    const shares = occurs ? [precision[c], recall[c], f1[c]].map(percent) : ['–', '–', '–']
    return [...shares, count(rows)]
  })
  const mean = [...percents(macro), '']
  printTable('class', classes, ['precision', 'recall', 'F1', 'rows'], lines, mean)
}

function reportMultilabel(evaluation: Multilabel): void {
  const { labels, subsetAccuracy, hammingLoss, perLabel, macro, micro, samples, rocAuc, logLoss } = evaluation
  print(field('Accuracy', `${percent(subsetAccuracy)} of the rows have every label right (subset accuracy)`))
  print(field('Hamming', `${percent(hammingLoss)} of all labels are wrong (Hamming loss)`))
  print(
    field(
      'Also',
      `F1 ${percent(micro.f1)} of all labels together (micro), ${percent(samples.f1)} in the mean of the rows (samples), log loss ${short(logLoss)}`,
    ),
  )
  const { precision, recall, f1 } = perLabel
  const lines = labels.map((_, c) => {
    const shares = [precision[c], recall[c], f1[c]].map(percent)
    return [...shares, showScore(perLabel.rocAuc[c]), count(perLabel.support[c])]
  })
  const mean = [...percents(macro), showScore(rocAuc), '']
  printTable('label', labels, ['precision', 'recall', 'F1', 'ROC AUC', 'rows'], lines, mean)
}

/** Prints each of several targets, and at the top an R² that is not spoilt by a constant target. */
function reportRegression({ targets, perOutput, ...all }: Regression): void {
  const { meanSquared, rootMeanSquared, meanAbsolute, r2, r2VarianceWeighted } = all
  if (targets.length === 1) {
    print(field('R²', r2.toFixed(4)))
    print(field('RMSE', `${short(rootMeanSquared)}, root of the mean squared error ${short(meanSquared)}`))
    print(field('MAE', `${short(meanAbsolute)}, mean absolute error`))
    return
  }
  const which = `of ${counted(targets.length, 'target')}, weighted by their variances`
  print(field('R²', `${r2VarianceWeighted.toFixed(4)}, ${which}`))
  const line = (r2: number, root: number, absolute: number): string[] => [
    r2.toFixed(4),
    short(root),
    short(absolute),
  ]
  const { r2: r2s, rootMeanSquared: roots, meanAbsolute: absolutes } = perOutput
  const lines = targets.map((_, j) => line(r2s[j], roots[j], absolutes[j]))
  printTable('target', targets, ['R²', 'RMSE', 'MAE'], lines, line(r2, rootMeanSquared, meanAbsolute))
}

/** One line per name, and one for the mean. */
function printTable(
  what: string,
  names: readonly string[],
  titles: readonly string[],
  lines: readonly (readonly string[])[],
  mean: readonly string[],
): void {
  const each = lines.slice(0, MOST_LINES).map((cells, i) => [printable(names[i], NAME), ...cells])
  const more = names.length - MOST_LINES
  const rest = more > 0 ? [[`… ${more} more`, ...titles.map(() => '')]] : []
  const right = titles.map((title) => ({ title, align: 'right' }) as const)
  print()
  print(drawTable([{ title: what, align: 'left' }, ...right], [...each, ...rest, ['mean', ...mean]]))
}

function percents({ precision, recall, f1 }: Classification['macro']): string[] {
  return [precision, recall, f1].map(percent)
}

function showScore(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(3)
}
