/** Targets that are classes: one-hot rows, a single column of 0 and 1, or class numbers. */
import { rowOf } from './samples.js'
import { areClassNumbers, type Targets } from './targets.js'

/** The class of each row, from 0; undefined if the targets are not classes. */
export function classesOf(targets: Targets): readonly number[] | Uint32Array | undefined {
  if (areClassNumbers(targets)) return targets.classes
  const { rows, columns } = targets
  const classes: number[] = []
  for (let row = 0; row < rows; ++row) {
    const target = rowOf(targets, row)
    if (!target.every((value) => value === 0 || value === 1)) return undefined
    const label = columns === 1 ? target[0] : target.indexOf(1)
    if (label < 0 || (columns > 1 && target.lastIndexOf(1) !== label)) return undefined
    classes.push(label)
  }
  return classes
}

/**
 * The class that scores predict: the first with the highest score; for a single score p, which is that of class 1,
 * class 1 if p > ½.
 */
export function predictedClass(scores: ArrayLike<number>): number {
  if (scores.length === 1) return scores[0] > 0.5 ? 1 : 0
  let highest = 0
  for (let c = 1; c < scores.length; ++c) if (scores[c] > scores[highest]) highest = c
  return highest
}
