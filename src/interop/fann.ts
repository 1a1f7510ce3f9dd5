/**
 * Reads the text that FANN saves, `key=value` line by line, of which these matter:
 *
 *     FANN_FLO_2.1
 *     layer_sizes=3 4 2                                  each with its bias neuron, which is its last
 *     neurons (num_inputs, activation_function, activation_steepness)=(0, 0, 0.0e+00) …
 *     connections (connected_to_neuron, weight)=(0, 1.5e+00) …     of each neuron, from all of the layer before
 */
import { rangeError, typeError } from '../base/argument-error.js'
import { checkInteger, show } from '../base/check.js'
import type { ActivationName } from '../definition/activations.js'
import { checkLayerCount } from '../definition/architecture.js'
import { assemble } from './assemble.js'
import type { Converted } from './converted.js'
import { NumberReader, rowMajor } from './json-value.js'
import { LayerChain } from './layer-chain.js'
import { resolveConvertOptions, type ConvertOptions } from './options.js'

/** Its functions of s·z, by their numbers, where s is the steepness: f(factor·s·z). */
const functions: ReadonlyMap<number, { type: ActivationName; factor: number; isStepwise?: true }> = new Map([
  [0, { type: 'linear', factor: 1 }],
  [3, { type: 'sigmoid', factor: 2 }],
  [4, { type: 'sigmoid', factor: 2, isStepwise: true }],
  [5, { type: 'tanh', factor: 1 }],
  [6, { type: 'tanh', factor: 1, isStepwise: true }],
  [11, { type: 'softsign', factor: 1 }],
])

/**
 * Reads a network from the text that fann_save of FANN 2 writes: one whose layers are fully connected to the next one
 * and to no other. Steepness is folded into weights and biases. A stepwise sigmoid or tanh becomes the function that it
 * approximates, to 0.034 or 0.067 in each layer; and a linear layer loses FANN's bounds of its outputs,
 * ±150/steepness. Notes say so.
 *
 * @param text of the file
 * @param options what the file may not say
 * @throws TypeError or RangeError that names what is wrong: another kind of network, or a weight that is not a number
 * @example
 * import { Network } from 'deltaprop'
 * import { fromFANN } from 'deltaprop/interop'
 * const text = `FANN_FLO_2.1
 * network_type=0
 * layer_sizes=2 2
 * scale_included=0
 * neurons (num_inputs, activation_function, activation_steepness)=(0, 0, 0) (0, 0, 0) (2, 5, 0.5) (0, 0, 0)
 * connections (connected_to_neuron, weight)=(0, 4) (1, 1)
 * `
 * fromFANN(text).as(Network).predict([-0.25]) // tanh(0.5·(4·(−0.25) + 1)) = 0
 */
export function fromFANN(text: string, options?: ConvertOptions): Converted {
  const { resolved } = resolveConvertOptions(options)
  const { precision = 'f32' } = resolved
  const given: unknown = text
  if (typeof given !== 'string') {
    const hint = ArrayBuffer.isView(given) ? 'new TextDecoder().decode(bytes) has it' : ''
    throw typeError('text', 'the text of a file', show(given), { hint })
  }
  const values = readFile(given)
  const numbers = new NumberReader(precision)
  const sizes = (values.get('layer_sizes') ?? '').trim().split(/\s+/).map(Number)
  checkLayerCount('layer_sizes', sizes.length, 'layers', 1)
  for (const [l, size] of sizes.entries()) checkInteger(`layer_sizes[${l}]`, size, { min: 2 })
  const neurons = tuples(values, 'neurons (num_inputs, activation_function, activation_steepness)')
  const connections = tuples(values, 'connections (connected_to_neuron, weight)')
  checkCount(
    'neurons',
    sizes.reduce((sum, size) => sum + size, 0),
    neurons.length,
  )
  checkCount(
    'connections',
    sizes.slice(1).reduce((sum, size, l) => sum + (size - 1) * sizes[l], 0),
    connections.length,
  )
  const chain = new LayerChain(given.length)
  /** the first neuron of the layer before, the first of this one, the next connection */
  let [before, neuron, next] = [0, sizes[0], 0]
  for (const [l, size] of sizes.slice(1).entries()) {
    const { [l]: inputs } = sizes
    const [, code] = neurons[neuron]
    const kind = functions.get(code)
    if (kind === undefined) {
      const expected = 'linear, a sigmoid or tanh, or the symmetric one of Elliott: 0, 3, 4, 5, 6 or 11'
      throw rangeError(`neurons[${neuron}].activation_function`, expected, code)
    }
    const rows = Array.from({ length: size - 1 }, (_, j) => {
      const [count, own, steepness] = neurons[neuron + j]
      const path = `neurons[${neuron + j}]`
      if (count !== inputs) throw rangeError(path, `${inputs} inputs, as the layer before has neurons`, count)
      if (own !== code)
        throw rangeError(`${path}.activation_function`, `${code}, as of all in its layer`, own)
      const factor = kind.factor * numbers.number(`${path}.activation_steepness`, steepness)
      return Array.from({ length: inputs }, (_, k) => {
        const place = `connections[${next}]`
        const [from, weight] = connections[next++]
        if (from !== before + k) throw rangeError(place, `one from neuron ${before + k}`, from)
        return numbers.number(place, weight) * factor
      })
    })
    const name = `layers[${l + 1}]`
    const weights = rowMajor(rows.map((row) => row.slice(0, -1)))
    chain.affine(
      name,
      inputs - 1,
      weights,
      Float64Array.from(rows, (row) => row[inputs - 1]),
    )
    chain.activation(name, { type: kind.type, shape: 0 })
    if (kind.isStepwise)
      chain.notes.push(`${name}: FANN's stepwise ${kind.type} became the one it approximates`)
    before = neuron
    neuron += size
  }
  return assemble(chain, { precision }, resolved)
}

/** The values by their keys. @throws RangeError unless it is the file of a network that can be read */
function readFile(text: string): Map<string, string> {
  const [version, ...lines] = text.split(/\r?\n/)
  if (version !== 'FANN_FLO_2.1') {
    const hint = version.startsWith('FANN_FIX') ? 'fann_save, not fann_save_to_fixed, writes it' : ''
    throw rangeError({ path: 'text', line: 1 }, 'FANN_FLO_2.1', show(version), { hint })
  }
  const values = new Map<string, string>()
  for (const line of lines) {
    const at = line.indexOf('=')
    if (at > 0) values.set(line.slice(0, at), line.slice(at + 1))
  }
  for (const [key, what] of [
    ['network_type', 'connections to the next layer only'],
    ['scale_included', 'neither inputs nor outputs scaled by FANN'],
  ]) {
    const value = values.get(key)
    if (value !== '0') throw rangeError(key, `0, ${what}`, value ?? 'none')
  }
  return values
}

function tuples(values: ReadonlyMap<string, string>, key: string): number[][] {
  const found = (values.get(key) ?? '').matchAll(/\(([^()]*)\)/g)
  return Array.from(found, ([, inner]) => inner.split(',').map(Number))
}

function checkCount(name: string, expected: number, count: number): void {
  if (count !== expected) throw rangeError(name, `${expected}, as the layers have`, count)
}
