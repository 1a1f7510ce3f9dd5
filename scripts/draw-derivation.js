// @ts-check
/**
 * Draws the pictures of docs/derivation.md and docs/derivation.zh.md: the network of the derivation with its names, and
 * with the numbers of the forward and the backward pass, taken from test/fixtures/seed-2-3-2-2.json.
 *
 *     node scripts/draw-derivation.js
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { element, label, line, picture } from './svg.js'

/**
 * @typedef {object} Fixture
 * @property {number[][]} x samples × features
 * @property {number[][]} y
 * @property {number[][][]} z layers × samples × neurons
 * @property {number[][][]} a
 * @property {number[][][]} dC_dz
 * @property {number} lossSum
 */

/**
 * One connection: from neuron k to neuron j of layer l, or from an output to C.
 *
 * @typedef {[l: number, j: number, k: number]} Edge
 */

const SIZES = [2, 3, 2, 2]
const [WIDTH, HEIGHT] = [900, 420]
/** the centre of each column; the last column is C */
const COLUMNS = [60, 275, 500, 715, 855]
const MIDDLE = 215
const ROW = 120
/** half of a box */
const [BOX, INPUT, LOW] = [64, 40, 19]
/** where along an edge its weight is written */
const PLACE = 0.24

const LOSS = SIZES.length

/** @type {(l: number, j: number) => number} */
const heightOf = (l, j) => MIDDLE + ROW * (l === LOSS ? 0 : j - (SIZES[l] - 1) / 2)
/** @type {(l: number) => number} */
const halfOf = (l) => (l === 0 || l === LOSS ? INPUT : BOX)
/** @type {(text: string | number) => string} */
const low = (text) => String(text).replace(/\d/g, (digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)])
/** @type {(l: number) => string} */
const high = (l) => '⁰¹²³'[l]
/** @type {(value: number) => string} */
const number = (value) => value.toPrecision(3).replace('-', '−')
/** @type {Edge[]} */
const edges = SIZES.slice(1).flatMap((size, i) =>
  Array.from(
    { length: size * SIZES[i] },
    (_, n) => /** @type {Edge} */ ([i + 1, Math.floor(n / SIZES[i]), n % SIZES[i]]),
  ),
)
const lossEdges = [0, 1].map((k) => /** @type {Edge} */ ([LOSS, 0, k]))

/**
 * @param {Edge} edge
 * @param {string} className its colour
 * @param {{ isBack?: boolean, words?: string }} [options]
 */
function connect([l, j, k], className, { isBack = false, words } = {}) {
  const [x1, y1] = [COLUMNS[l - 1] + halfOf(l - 1), heightOf(l - 1, k)]
  const [x2, y2] = [COLUMNS[l] - (l === LOSS ? 26 : BOX), heightOf(l, j)]
  const [tipX, tipY] = isBack ? [x1, y1] : [x2, y2]
  const angle = Math.atan2(y2 - y1, x2 - x1) + (isBack ? Math.PI : 0)
  const corner = (/** @type {number} */ turn) =>
    [tipX - 9 * Math.cos(angle + turn), tipY - 9 * Math.sin(angle + turn)].map(Math.round).join(',')
  const points = `${Math.round(tipX)},${Math.round(tipY)} ${corner(0.35)} ${corner(-0.35)}`
  return [
    line(x1, y1, x2, y2, className),
    element('polygon', { points, class: className }),
    ...(words === undefined ? [] : plate(x1 + PLACE * (x2 - x1), y1 + PLACE * (y2 - y1), words)),
  ]
}

/** Words on a plain background. @type {(x: number, y: number, words: string) => string[]} */
const plate = (x, y, words) => [
  element('rect', { x: x - 16, y: y - 8, width: 32, height: 16, class: 'ground' }),
  centred(x, y + 4, words),
]

/** @type {(x: number, y: number, words: string, className?: string) => string} */
const centred = (x, y, words, className = 'text') =>
  label(x, y, words, { 'text-anchor': 'middle', class: className })

/**
 * @param {number} l
 * @param {number} j
 * @param {readonly string[]} words side by side
 * @param {string} under
 */
function box(l, j, words, under = '') {
  const [x, y, half] = [COLUMNS[l], heightOf(l, j), halfOf(l)]
  const frame = { x: x - half, y: y - LOW, width: 2 * half, height: 2 * LOW, rx: LOW, class: 'frame' }
  return [
    element('rect', frame),
    ...(words.length === 2 ? [line(x, y - LOW, x, y + LOW, 'grid')] : []),
    ...words.map((word, i) => centred(x + (words.length === 2 ? (i - 0.5) * half : 0), y + 4, word)),
    centred(x, y + LOW + 15, under, 'muted small'),
  ]
}

/** @type {(text: string, y?: number) => string} */
const formula = (text, y = HEIGHT - 18) => centred(WIDTH / 2, y, text, 'text strong')

/** @type {(heads: readonly string[]) => string[]} */
const heads = (words) => words.map((word, l) => centred(COLUMNS[l], 32, word, 'text strong'))

/** @type {(paint: (l: number, j: number) => string[]) => string[]} */
const neurons = (paint) =>
  SIZES.flatMap((size, l) => Array.from({ length: size }, (_, j) => paint(l, j)).flat())

const FRAME = element('style', {}, '.frame{fill:none;stroke-width:1.5;stroke:#59636e}line{stroke-width:1.5}')

/** @param {string} title @param {readonly string[]} children */
const drawing = (title, children) => picture(WIDTH, HEIGHT, title, [FRAME, ...children])

function names() {
  return drawing('The network 2-3-2-2 with the names of its weights, biases, sums and activations', [
    ...heads(['a₀ = x', 'w¹, b₁', 'w², b₂', 'w³, b₃']),
    ...edges.flatMap((edge) =>
      connect(edge, 'muted', { words: `w${high(edge[0])}${low(`${edge[1]}${edge[2]}`)}` }),
    ),
    ...lossEdges.flatMap((edge) => connect(edge, 'muted')),
    ...neurons((l, j) => {
      const index = low(`${l}${j}`)
      if (l === 0) return box(l, j, [`a${index}`])
      return box(l, j, [`z${index}`, `a${index}`], `b${index}${l === 3 ? `,  o${low(j)} = a${index}` : ''}`)
    }),
    centred(COLUMNS[LOSS], MIDDLE + 5, 'C', 'text title'),
    formula('z₂₀ = w²₀₀·a₁₀ + w²₀₁·a₁₁ + w²₀₂·a₁₂ + b₂₀'),
  ])
}

/** @param {Fixture} fixture */
function forward({ x, y, z, a, lossSum }) {
  const isShown = (/** @type {Edge} */ [l, j]) => l === 1 && j === 0
  return drawing('The forward pass: the sums and activations of one sample, from the inputs to the loss', [
    ...heads(['a₀ = x', 'z₁ | a₁', 'z₂ | a₂', 'z₃ | o', 'C']),
    ...edges.filter((edge) => !isShown(edge)).flatMap((edge) => connect(edge, 'dotProducts')),
    ...edges.filter(isShown).flatMap((edge) => connect(edge, 'exact', { words: `w¹₀${low(edge[2])}` })),
    ...lossEdges.flatMap((edge) => connect(edge, 'exact')),
    ...neurons((l, j) => {
      if (l === 0) return box(l, j, [number(x[0][j])])
      const under = l === 3 ? `y${low(j)} = ${number(y[0][j])}` : isShown([l, j, 0]) ? 'b₁₀' : ''
      return box(l, j, [number(z[l - 1][0][j]), number(a[l - 1][0][j])], under)
    }),
    centred(COLUMNS[LOSS], MIDDLE + 4, number(lossSum), 'text strong'),
    formula('z₁₀ = w¹₀₀·a₀₀ + w¹₀₁·a₀₁ + b₁₀,  a₁₀ = σ(z₁₀)'),
  ])
}

/** @param {Fixture} fixture */
function backward({ dC_dz }) {
  const isShown = (/** @type {Edge} */ [l, , k]) => l === 2 && k === 0
  return drawing('The backward pass: the error of every neuron, from the loss to the first layer', [
    ...heads(['a₀ = x', '∂C/∂z₁', '∂C/∂z₂', '∂C/∂z₃']),
    ...edges
      .filter((edge) => !isShown(edge))
      .flatMap((edge) => connect(edge, 'dotProducts', { isBack: edge[0] > 1 })),
    ...edges
      .filter(isShown)
      .flatMap((edge) => connect(edge, 'peers', { isBack: true, words: `w²${low(edge[1])}₀` })),
    ...lossEdges.flatMap((edge) => connect(edge, 'peers', { isBack: true })),
    ...neurons((l, j) => {
      if (l === 0) return box(l, j, [`a${low(`0${j}`)}`])
      return box(l, j, [number(dC_dz[l - 1][0][j])], isShown([l + 1, 0, j]) ? 'σ′(z₁₀)' : '')
    }),
    centred(COLUMNS[LOSS], MIDDLE + 5, 'C', 'text title'),
    formula('∂C/∂z₁₀ = σ′(z₁₀) · (w²₀₀·∂C/∂z₂₀ + w²₁₀·∂C/∂z₂₁)'),
  ])
}

/** @returns {unknown} */
function read() {
  return JSON.parse(readFileSync('test/fixtures/seed-2-3-2-2.json', 'utf8'))
}

/** The pictures, by path. */
export function drawings() {
  const [fixture] = /** @type {Fixture[]} */ (read())
  return {
    'docs/derivation/network.svg': names(),
    'docs/derivation/forward.svg': forward(fixture),
    'docs/derivation/backward.svg': backward(fixture),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, svg] of Object.entries(drawings())) writeFileSync(path, svg)
}
