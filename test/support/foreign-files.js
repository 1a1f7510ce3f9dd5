// @ts-check
/**
 * Models of test/fixtures/interop that are read wherever the package runs, with what the tools that wrote them answer. All of it is
 * values of JSON: the matrix, whose suite finds no files, has them in its bundle (kit.js).
 *
 * @typedef {object} ForeignModel
 * @property {string} name of its file
 * @property {'onnx' | 'tfjs' | 'keras'} kind the folder, and so what reads it
 * @property {readonly number[]} bytes
 * @property {Readonly<Record<string, readonly number[]>>} beside the bytes of the files beside it, by their names
 * @property {readonly string[]} [classes] their names, in the order of the answers; none: it is a network of numbers
 * @property {readonly number[]} x row by row
 * @property {readonly number[]} y what the tool answers, row by row
 */
import { readFileSync } from 'node:fs'
import { parse } from 'node:path'

const FOLDER = 'test/fixtures/interop'

const iris = ['setosa', 'versicolor', 'virginica']

/** @type {readonly (Pick<ForeignModel, 'name' | 'kind' | 'classes'> & { beside?: readonly string[] })[]} */
const models = [
  { name: 'sklearn.onnx', kind: 'onnx', classes: iris },
  { name: 'sklearn-zipmap.onnx', kind: 'onnx', classes: iris },
  { name: 'keras3-sequential.json', kind: 'tfjs', beside: ['keras3-sequential.bin'] },
  { name: 'keras3-functional.json', kind: 'tfjs', beside: ['keras3-functional.bin'] },
  { name: 'keras3-normalization.json', kind: 'tfjs', beside: ['keras3-normalization.bin'] },
  { name: 'keras-2.h5', kind: 'keras' },
]

/** @type {readonly ForeignModel[]} */
export const foreignModels = models.map(({ beside = [], ...model }) => {
  /** @param {string} file */
  const bytesOf = (file) => [...readFileSync(`${FOLDER}/${model.kind}/${file}`)]
  return {
    ...model,
    bytes: bytesOf(model.name),
    beside: Object.fromEntries(beside.map((file) => [file, bytesOf(file)])),
    ...answer(model.kind, parse(model.name).name),
  }
})

/** @param {string} kind @param {string} name @returns {{ x: number[], y: number[] }} */
function answer(kind, name) {
  /** @type {unknown} */
  const parsed = JSON.parse(readFileSync(`${FOLDER}/${kind}/answers.json`, 'utf8'))
  const { x, y } = /** @type {Record<string, { x: number[] | number[][], y: number[] | number[][] }>} */ (
    parsed
  )[name]
  return { x: x.flat(), y: y.flat() }
}
