// @ts-check
import { makePicture, paintInk, SHOWN } from './cells.js'
import { largest, paintNumbers } from './colors.js'
import { make } from './dom.js'
import { PIXELS } from './strokes.js'

/** @typedef {import('deltaprop').Trace} Trace */

/**
 * One line of the derivation.
 *
 * @typedef {object} Step
 * @property {string} equation its number
 * @property {string} formula
 * @property {string} meaning for those who do not see the picture
 * @property {(trace: Trace, y: Float32Array) => Float32Array | Float64Array} values
 */

/** @type {Step[]} */
const steps = [
  {
    equation: '(F1)',
    formula: 'z¹ = w·a + b',
    meaning: 'what each hidden neuron sums up',
    values: ({ layers }) => layers[0].z,
  },
  {
    equation: '(F2)',
    formula: 'a¹ = tanh(z¹)',
    meaning: 'what it passes on',
    values: ({ layers }) => layers[0].a,
  },
  {
    equation: '(F2)',
    formula: 'o = softmax(z²)',
    meaning: 'the ten answers',
    values: ({ layers }) => layers[1].a,
  },
  { equation: '', formula: 'y', meaning: 'what they should be', values: (_, y) => y },
  {
    equation: '(60)',
    formula: '∂C/∂z² = o − y',
    meaning: 'how the loss depends on the answers',
    values: ({ layers }) => layers[1].dC_dz,
  },
  {
    equation: '(45)',
    formula: '∂C/∂a¹ = wᵀ·∂C/∂z²',
    meaning: 'and on the hidden neurons',
    values: ({ layers }) => layers[0].dC_da,
  },
  {
    equation: '(59)',
    formula: '∂C/∂z¹ = σ′(z¹) ⊙ ∂C/∂a¹',
    meaning: 'and on their sums',
    values: ({ layers }) => layers[0].dC_dz,
  },
]

/** Shows the derivation for a drawing, every number a cell; each line has a scale of its own. */
export class Derivation {
  #list
  #input = makePicture()
  /** one for each step @type {HTMLCanvasElement[]} */
  #strips = []

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list
  }

  /**
   * @param {Trace | undefined} trace undefined: nothing is drawn
   * @param {Float32Array} y
   * @param {import('./colors.js').Palette} palette
   */
  show(trace, y, palette) {
    if (trace === undefined) {
      this.#list.replaceChildren()
      return
    }
    const rows = steps.map(({ values }) => values(trace, y).subarray(0, SHOWN))
    if (this.#list.children.length === 0 || rows[0].length !== this.#strips[0].width) this.#build(rows)
    const ink = Float32Array.from(trace.layers[0].inputs.subarray(0, PIXELS))
    paintInk(this.#input, ink, palette)
    for (const [i, values] of rows.entries()) paintNumbers(this.#strips[i], values, largest(values), palette)
  }

  /** @param {ArrayLike<number>[]} rows */
  #build(rows) {
    this.#strips = rows.map(({ length }) => makePicture(length, 1))
    this.#list.replaceChildren(
      line('(38)', 'a⁰', 'the ink of the drawing', this.#input),
      ...steps.map(({ equation, formula, meaning }, i) => line(equation, formula, meaning, this.#strips[i])),
    )
  }
}

/**
 * @param {string} equation
 * @param {string} formula
 * @param {string} meaning
 * @param {HTMLCanvasElement} canvas
 */
function line(equation, formula, meaning, canvas) {
  canvas.role = 'img'
  canvas.ariaLabel = meaning
  canvas.title = meaning
  canvas.style.setProperty('--columns', String(canvas.width))
  return make('div', 'step', make('span', 'equation', equation), make('span', 'formula', formula), canvas)
}
