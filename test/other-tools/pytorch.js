// @ts-check
/** State_dicts that PyTorch loads, and files that it writes: its own ONNX, and its state_dicts. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Network } from '../../dist/index.js'
import { fromONNX, fromStateDict, toStateDict } from '../../dist/interop.js'
import { activations, compared, hiddenOf, INPUTS, networkOf, precisions, samples } from './networks.js'
import { answerOf } from './onnxruntime.js'
import { python } from './python.js'

/** @param {string} folder @returns {AsyncIterable<import('./index.js').Comparison>} */
export async function* compare(folder) {
  const cases = precisions.flatMap((precision) => activations.map((what) => ({ what, precision })))
  for (const { what, precision } of cases) {
    writeFileSync(join(folder, `${what}-${precision}.safetensors`), toStateDict(networkOf(what, precision)))
  }
  const input = JSON.stringify({ folder, inputs: INPUTS, x: Array.from(samples), cases })
  const answers = /** @type {{ loaded: number[][], written: Record<string, number[]> }} */ (
    python('pytorch.py', [], input)
  )
  const states = /** @type {const} */ ({ format: 'state_dict', tool: 'PyTorch' })
  for (const [i, { what, precision }] of cases.entries()) {
    const own = networkOf(what, precision).predict(samples)
    yield compared({ ...states, direction: 'out', what, precision }, own, answers.loaded[i])
  }
  for (const { what, precision } of cases) {
    const file = join(folder, `written-${what}-${precision}`)
    const { [`${what}-${precision}`]: answer } = answers.written
    const options = { activation: hiddenOf(what), output: what }
    const state = fromStateDict(readFileSync(`${file}.safetensors`), options).as(Network)
    yield compared({ ...states, direction: 'in', what, precision }, state.predict(samples), answer)

    const bytes = readFileSync(`${file}.onnx`)
    const own = fromONNX(bytes).as(Network).predict(samples)
    const graph = /** @type {const} */ ({ format: 'ONNX', direction: 'in', what, precision })
    yield compared({ ...graph, tool: 'PyTorch' }, own, answer)
    const x = precision === 'f64' ? Float64Array.from(samples) : samples
    yield compared({ ...graph, tool: 'onnxruntime' }, own, await answerOf(bytes, x, precision))
  }
}
