// What is wrong is an error of the compiler: tsc takes each of these comments for an error where there is nothing to expect. Each line
// is an error when it runs, too, for those without a compiler.
import { adam, Network } from 'deltaprop'
import { Model } from 'deltaprop/model'

const rows = [
  { size: 1, kind: 'apple' },
  { size: 5, kind: 'melon' },
]

/** By what is wrong. @type {Record<string, () => unknown>} */
export const mistakes = {
  // @ts-expect-error an option that there is not
  hiden: () => Model.create(rows, { target: 'kind', hiden: [16] }),
  // @ts-expect-error a text for an array of numbers
  "'16'": () => Model.create(rows, { target: 'kind', hidden: '16' }),
  // @ts-expect-error an activation that there is not
  tahn: () => Model.create(rows, { target: 'kind', activation: 'tahn' }),
  // @ts-expect-error an option of fit that there is not
  epoch: () => Model.create(rows, { target: 'kind' }).fit(rows, { epoch: 10 }),
  // @ts-expect-error a text for a number
  "'10'": () => Model.create(rows, { target: 'kind' }).fit(rows, { epochs: '10' }),
  // @ts-expect-error an option with another spelling
  learningrate: () => adam({ learningrate: 0.01 }),
  // @ts-expect-error a precision that there is not
  f16: () => new Network([2, 1], { precision: 'f16' }),
  // @ts-expect-error an optimiser that there is not
  sdg: () => new Network([2, 1]).fit({ x: [1, 2], y: [1] }, { optimizer: 'sdg' }),
}
