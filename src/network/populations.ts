/**
 * Many networks of one shape, as evolution has them: copies, random changes, children, and predictions of all of them
 * in one call. The same seeds give the same bits everywhere.
 */
import { rangeError, typeError } from '../base/argument-error.js'
import { checkKeys, checkNumber, checkInteger, show } from '../base/check.js'
import { allFinite, newFloats, type Floats } from '../base/floats.js'
import { Random } from '../base/random.js'
import { readSamples, type Samples } from '../base/samples.js'
import { activationOption } from '../definition/activations.js'
import { describeArchitecture, parameterRanges } from '../definition/architecture.js'
import type { Spec } from '../definition/spec.js'
import type { Engine } from '../engine/engine.js'
import { areInOneMemory, beginStaging, checkOut } from '../engine/window.js'
import { betweenParts, idle, save } from '../state/state.js'
import { restored, stateOf, type Network } from './network.js'

/** How `mutate` changes a network. */
export interface MutateOptions {
  /** the probability of each weight and bias to be changed, from 0 to 1; 1 unless given */
  readonly rate?: number
  /** the standard deviation of what is added to it; 0.1 unless given */
  readonly scale?: number
  /** of the random numbers; random unless given */
  readonly seed?: number
}

/** How `crossover` chooses. */
export interface CrossoverOptions {
  /** of the random numbers, and the seed of the child; random unless given */
  readonly seed?: number
}

/**
 * A copy of a network, with the state of its training, that shares nothing with it: what fromBytes makes of its toBytes,
 * with its engine and its arithmetic. While fit is running, the copy may be half-trained.
 *
 * @throws TypeError unless it is a network; Error if it is disposed; RangeError with the bytes needed, if the copy does
 *   not fit in memory
 * @example
 * import { clone, mutate, Network } from 'deltaprop'
 * const parent = new Network([4, 8, 2], { activation: 'tanh' })
 * const child = mutate(clone(parent), { scale: 0.05 })
 */
export function clone(net: Network): Network {
  const saved = save(stateOf('clone', net))
  return restored(saved.spec, saved)
}

/**
 * Adds normally distributed numbers to weights and biases of a network, which it returns. The state of the optimiser
 * stays.
 *
 * @throws TypeError unless it is a network; TypeError or RangeError that names the option; RangeError if a parameter
 *   would not be a finite number, or is none already; nothing is changed then; Error while fit is running, or if the
 *   network is disposed
 * @example
 * import { mutate, Network } from 'deltaprop'
 * mutate(new Network([4, 8, 2]), { rate: 0.1, scale: 0.5, seed: 7 })
 */
export function mutate(net: Network, options: MutateOptions = {}): Network {
  const given = checkKeys('options', options, ['rate', 'scale', 'seed'])
  const rate = checkNumber('rate', given.rate ?? 1, { min: 0, max: 1 })
  const scale = checkNumber('scale', given.scale ?? 0.1, { min: 0 })
  const random = new Random(seedOf(given.seed), 'mutate')
  // Reading the options may have run code of the caller's.
  const { engine, spec } = idle('mutate', stateOf('mutate', net))
  const { parameters } = engine
  const changed = parameters.slice()
  for (let i = 0; i < changed.length; ++i) {
    if (rate === 1 || random.uniform() < rate) changed[i] += scale * random.normal()
  }
  if (!allFinite(changed)) {
    const wrong = parameters.find((value) => !Number.isFinite(value))
    if (wrong !== undefined) throw rangeError('net', 'weights and biases that are finite numbers', wrong)
    throw rangeError('scale', `one with which the weights stay finite in ${spec.precision}`, scale)
  }
  parameters.set(changed)
  return net
}

/**
 * A child of two networks of one shape: each of its neurons, with its weights and bias, is that of one or the other, by
 * equal chances. It begins without an optimiser; its initialisers and its metadata are those of `a`. While fit is
 * running, a parent may be half-trained.
 *
 * @param a a network: of each neuron that is not of b
 * @param b a network that computes alike: the same sizes, activations, loss, precision, engine and arithmetic
 * @throws TypeError unless both are networks; TypeError or RangeError that names the option; RangeError if they do not
 *   compute alike; Error if one is disposed; RangeError with the bytes needed, if the child does not fit in memory
 * @example
 * import { crossover, Network } from 'deltaprop'
 * const [mother, father] = [new Network([4, 8, 2]), new Network([4, 8, 2])]
 * crossover(mother, father, { seed: 1 }).predict([1, 2, 3, 4])
 */
export function crossover(a: Network, b: Network, options: CrossoverOptions = {}): Network {
  const given = checkKeys('options', options, ['seed'])
  const seed = seedOf(given.seed)
  // Reading the options may have run code of the caller's.
  const [first, second] = [stateOf('a', a), stateOf('b', b)]
  checkAlike(first.spec, second.spec)
  const random = new Random(seed, 'crossover')
  const parameters = first.engine.parameters.slice()
  const others = second.engine.parameters
  const ranges = parameterRanges(first.spec)
  for (const [l, { inputs, units }] of first.spec.layers.entries()) {
    const [w, bias] = [ranges[2 * l].start, ranges[2 * l + 1].start]
    for (let j = 0; j < units; ++j) {
      if (random.uniform() < 0.5) continue
      const row = w + j * inputs
      for (let i = row; i < row + inputs; ++i) parameters[i] = others[i]
      parameters[bias + j] = others[bias + j]
    }
  }
  const { metadata } = first
  const progress = { pending: 0, epochs: 0, optimizer: undefined, counters: [] }
  const spec = { ...first.spec, seed }
  return restored(spec, { spec, parameters, gradients: undefined, progress, slots: [], metadata })
}

/**
 * The outputs of many networks, for one sample each: as predict of one after the other. They need to have the same
 * numbers of inputs and outputs and the same precision, nothing else.
 *
 * @param networks at least one
 * @param xs networks × inputs: a row for each network
 * @param out where to write the outputs, networks × outputs, a Float32Array, or a Float64Array for f64; without it, to
 *   a new array
 * @returns out, or the new array; row-major
 * @throws TypeError or RangeError that names what is wrong, of networks the first; Error if one is disposed; RangeError
 *   with the bytes needed, if one is in the middle of a batch, and a copy of it does not fit in memory
 * @example
 * import { Network, predictAll } from 'deltaprop'
 * const agents = [1, 2, 3].map((seed) => new Network([2, 4, 1], { seed }))
 * predictAll(agents, [[0, 1], [1, 0], [1, 1]]).length // 3
 */
export function predictAll(networks: readonly Network[], xs: Samples, out?: Floats): Floats {
  if (!Array.isArray(networks)) throw typeError('networks', 'an array of networks', show(networks))
  if (networks.length === 0) throw rangeError('networks', 'at least 1 network', 0)
  const { spec } = stateOf('networks', networks[0] as Network, 0)
  const { inputs, precision } = spec
  const outputs = outputsOf(spec)
  const { rows, values: given } = readSamples('xs', xs, inputs, 'inputs', precision)
  // Reading the samples may have run code of the caller's, so that it is the networks as they are now.
  const engines = enginesOf(networks, spec)
  const count = engines.length
  if (rows !== count) throw rangeError('xs', `${count} rows, one for each network`, rows)
  const length = count * outputs
  const result = out === undefined ? newFloats(length, precision) : checkOut(out, length, precision)
  // What is written for one network is not to be what the next one reads.
  const values = areInOneMemory(result, given) ? given.slice() : given
  for (let i = 0; i < count; ++i) {
    const engine = engines[i]
    const { x, numbers } = engine
    beginStaging(engine)
    for (let k = 0; k < inputs; ++k) x[k] = values[i * inputs + k]
    const at = engine.predictRow()
    for (let j = 0; j < outputs; ++j) result[i * outputs + j] = numbers[at + j]
  }
  return result
}

/** @throws TypeError, RangeError or Error that names the first network that is none, or unlike the first of all */
function enginesOf(networks: readonly unknown[], first: Spec): readonly Engine[] {
  const engines: Engine[] = []
  for (let i = 0; i < networks.length; ++i) {
    const state = stateOf('networks', networks[i] as Network, i)
    const { spec } = state
    engines.push(betweenParts(state).engine)
    if (spec.precision !== first.precision) {
      throw rangeError(`networks[${i}]`, `the precision ${first.precision}, as networks[0]`, spec.precision)
    }
    // Those of networks that were made alike are the same object.
    if (spec.layers === first.layers) continue
    const [inputs, outputs] = [first.inputs, outputsOf(first)]
    if (spec.inputs === inputs && outputsOf(spec) === outputs) continue
    const got = `${spec.inputs} and ${outputsOf(spec)}`
    throw rangeError(`networks[${i}]`, `${inputs} inputs and ${outputs} outputs, as networks[0]`, got)
  }
  return engines
}

function seedOf(seed: unknown): number {
  return checkInteger('seed', seed ?? Math.floor(Math.random() * 2 ** 32), { min: 0 })
}

function outputsOf({ layers }: Spec): number {
  return layers[layers.length - 1].units
}

/** @throws RangeError unless they compute alike */
function checkAlike(a: Spec, b: Spec): void {
  // Those of networks that were made alike are the same object.
  const isOne = a.layers === b.layers && a.loss === b.loss && a.precision === b.precision
  if (isOne && a.engine === b.engine && a.arithmetic === b.arithmetic) return
  const [one, other] = [textOf(a), textOf(b)]
  if (one !== other) throw rangeError('b', `${one}, as a`, other)
  // Of a text, activations have the names alone.
  for (const [l, { activation }] of a.layers.entries()) {
    const got = b.layers[l].activation
    if (activation.shape === got.shape) continue
    const expected = JSON.stringify(activationOption(activation))
    throw rangeError('b', `${expected} in layers[${l}], as a`, JSON.stringify(activationOption(got)))
  }
}

function textOf(spec: Spec): string {
  return `${describeArchitecture(spec)}, ${spec.loss}, ${spec.engine}, ${spec.arithmetic}`
}
