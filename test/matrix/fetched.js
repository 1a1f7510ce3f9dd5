// @ts-check
/** The programs that docs/interop.md has for a page: the files that they fetch, and what they must show of them. */
import { readFileSync } from 'node:fs'
import { blocksOf } from '../../scripts/blocks.js'
import { foreignModels } from '../support/foreign-files.js'

/** By their names. @type {Readonly<Record<string, string>>} */
export const programs = Object.fromEntries(
  blocksOf(readFileSync('docs/interop.md', 'utf8')).flatMap(({ name, language, code }) =>
    name !== undefined && language === 'js' ? [[name, code]] : [],
  ),
)

const FOLDER = 'test/fixtures/interop'

/** Where the files are that lie beside the page, by their names there. */
export const fetched = {
  'iris.onnx': `${FOLDER}/onnx/sklearn-zipmap.onnx`,
  'model.json': `${FOLDER}/tfjs/keras3-sequential.json`,
  'keras3-sequential.bin': `${FOLDER}/tfjs/keras3-sequential.bin`,
}

/**
 * @typedef {object} Expected
 * @property {string} model whose first answer it is
 * @property {readonly string[]} names what is said beside the numbers: the class, and all of them in their order
 * @property {(text: string) => { names: readonly string[], numbers: readonly number[] }} parse what the page shows
 */

/** By the names of the programs. @type {Readonly<Record<string, Expected>>} */
const expected = {
  'iris.js': {
    model: 'sklearn-zipmap.onnx',
    names: ['setosa', 'setosa', 'versicolor', 'virginica'],
    parse(text) {
      /** @type {unknown} */
      const parsed = JSON.parse(text)
      const { species, probabilities } =
        /** @type {{ species: string, probabilities: Record<string, number> }} */ (parsed)
      return { names: [species, ...Object.keys(probabilities)], numbers: Object.values(probabilities) }
    },
  },
  'keras.js': {
    model: 'keras3-sequential.json',
    names: [],
    parse: (text) => ({ names: [], numbers: text.split(',').map(Number) }),
  },
}

/**
 * What is wrong with what pages have shown, by the names of their programs: all of these are there, and the names are the tool's,
 * the numbers within 1e-6.
 *
 * @param {Readonly<Record<string, string>>} shown
 * @returns {string[]}
 */
export function problemsOf(shown) {
  return Object.entries(expected).flatMap(([program, { model, names, parse }]) => {
    const text = shown[program] ?? ''
    const y = foreignModels.find(({ name }) => name === model)?.y.slice(0, 3) ?? []
    const problem = `${program}: expected ${[...names, ...y].join(' ')}, got ${text}`
    try {
      const found = parse(text)
      const isClose =
        found.numbers.length === y.length && y.every((value, i) => Math.abs(found.numbers[i] - value) <= 1e-6)
      return isClose && found.names.join() === names.join() ? [] : [problem]
    } catch {
      return [problem]
    }
  })
}
