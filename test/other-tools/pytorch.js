// @ts-check
/** State_dicts that PyTorch loads, and files that it writes: its own ONNX, and its state_dicts. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Network } from '../../dist/index.js'
import { fromONNX, fromStateDict, toStateDict } from '../../dist/interop.js'
import { activations, difference, INPUTS, networkOf, samples } from './networks.js'
import { python } from './python.js'

/** @param {string} folder @returns {AsyncIterable<import('./index.js').Comparison>} */
export async function* compare(folder) {
  const precisions = /** @type {const} */ (['f32', 'f64'])
  const cases = precisions.flatMap((precision) => activations.map((what) => ({ what, precision })))
  for (const { what, precision } of cases) {
    writeFileSync(join(folder, `${what}-${precision}.safetensors`), toStateDict(networkOf(what, precision)))
  }
  const x = Array.from(samples)
  const input = JSON.stringify({ folder, inputs: INPUTS, x, cases })
  const answers =
    /** @type {{ loaded: number[][], written: Record<string, number[]>, onnx: Record<string, number[]> }} */ (
      python('pytorch.py', [], input)
    )
  for (const [i, { what, precision }] of cases.entries()) {
    const own = networkOf(what, precision).predict(samples)
    yield {
      format: 'state_dict',
      direction: 'out',
      what,
      precision,
      difference: difference(own, answers.loaded[i]),
    }
  }
  for (const { what, precision } of cases) {
    const name = `${what}-${precision}`
    const options = {
      activation: what === 'softmax' ? /** @type {const} */ ('relu') : what,
      ...(what === 'softmax' && { output: what }),
    }
    const state = fromStateDict(readFileSync(join(folder, `written-${name}.safetensors`)), options).as(
      Network,
    )
    const apart = difference(state.predict(samples), answers.written[name])
    yield { format: 'state_dict', direction: 'in', what, precision, difference: apart }
    const graph = fromONNX(readFileSync(join(folder, `written-${name}.onnx`))).as(Network)
    yield {
      format: 'ONNX',
      direction: 'in',
      what,
      precision,
      difference: difference(graph.predict(samples), answers.written[name]),
    }
  }
}
