// @ts-check
import { fit } from './dom.js'

/** @typedef {import('deltaprop').Network} Network */
/** @typedef {import('./colors.js').Palette} Palette */

const inputs = ['left', 'half left', 'ahead', 'half right', 'right', 'speed']
/** What the outputs do when they are positive, and when they are negative. */
const outputs = [
  ['right', 'left'],
  ['throttle', 'brakes'],
]

/**
 * A network with what it computes at the moment: the neurons filled by their values, the lines as thick as the weights.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Network} net
 * @param {Float32Array} x what it sees
 * @param {Palette} palette
 */
export function paintBrain(canvas, net, x, { more, less, ink, soft, card }) {
  const context = fit(canvas)
  const { clientWidth: width, clientHeight: height } = canvas
  context.clearRect(0, 0, width, height)
  context.font = `13px ${getComputedStyle(canvas).fontFamily}`
  context.textBaseline = 'middle'

  const { layers } = net.trace(x, new Float32Array(net.outputs))
  const values = [x, ...layers.map(({ a }) => a)]
  const columns = [78, width / 2, width - 78]
  /** @param {number} count @param {number} i */
  const rowOf = (count, i) => height / 2 + (i - (count - 1) / 2) * ((height - 30) / 5)

  for (const [l, { weights, inputs: n, units }] of net.layers.entries()) {
    for (let j = 0; j < units; ++j) {
      for (let k = 0; k < n; ++k) {
        const weight = weights[j * n + k]
        context.strokeStyle = weight > 0 ? more : less
        context.lineWidth = Math.min(4, 0.4 + 1.6 * Math.abs(weight))
        context.globalAlpha = 0.15 + 0.6 * Math.min(1, Math.abs(weight * values[l][k]))
        context.beginPath()
        context.moveTo(columns[l], rowOf(n, k))
        context.lineTo(columns[l + 1], rowOf(units, j))
        context.stroke()
      }
    }
  }
  for (const [l, column] of columns.entries()) {
    for (const [i, value] of values[l].entries()) {
      const y = rowOf(values[l].length, i)
      context.globalAlpha = 1
      circle(context, column, y, card)
      context.globalAlpha = Math.min(1, Math.abs(value))
      circle(context, column, y, value > 0 ? more : less)
      context.globalAlpha = 1
      context.strokeStyle = soft
      context.lineWidth = 1
      context.stroke()
    }
  }
  context.fillStyle = ink
  context.textAlign = 'right'
  for (const [i, name] of inputs.entries()) context.fillText(name, columns[0] - 14, rowOf(inputs.length, i))
  context.textAlign = 'left'
  for (const [i, [up, down]] of outputs.entries()) {
    const name = values[2][i] > 0 ? up : down
    context.fillText(name, columns[2] + 14, rowOf(outputs.length, i))
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {string} color */
function circle(context, x, y, color) {
  context.beginPath()
  context.arc(x, y, 8, 0, 2 * Math.PI)
  context.fillStyle = color
  context.fill()
}
