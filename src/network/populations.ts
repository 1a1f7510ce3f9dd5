/**
 * Many networks of one shape, as evolution has them: copies, random changes, children, and predictions of all of them
 * in one call. The same seeds give the same bits everywhere.
 */
import { rangeError, typeError } from '../base/argument-error.js'
import { checkKeys, checkNumber, checkInteger, show } from '../base/check.js'
import { allFinite, newFloats, type Floats } from '../base/floats.js'
import { Random } from '../base/random.js'
import { readSamples, type Samples } from '../base/samples.js'
import { describeArchitecture, parameterRanges } from '../definition/architecture.js'
import type { Spec } from '../definition/spec.js'
import { areInOneMemory, beginStaging, checkOut } from '../engine/window.js'
import { betweenParts, idle, save, type State } from '../state/state.js'
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
 * A copy of a network, with the state of its training, that shares nothing with it.
 *
 * @example
 * import { clone, mutate, Network } from 'deltaprop'
 * const parent = new Network([4, 8, 2], { activation: 'tanh' })
 * const child = mutate(clone(parent), { scale: 0.05 })
 */
export function clone(net: Network): Network {
  const saved = save(betweenParts(stateOf('clone', net)))
  return restored(saved.spec, saved)
}

/**
 * Adds normally distributed numbers to weights and biases of a network, which it returns. The state of the optimiser
 * stays.
 *
 * @throws TypeError or RangeError that names the option; RangeError if a parameter would not be a finite number, and
 *   nothing is changed then; Error while fit is running
 * @example
 * import { mutate, Network } from 'deltaprop'
 * mutate(new Network([4, 8, 2]), { rate: 0.1, scale: 0.5, seed: 7 })
 */
export function mutate(net: Network, options: MutateOptions = {}): Network {
  const { engine, spec } = idle('mutate', stateOf('mutate', net))
  const given = checkKeys('options', options, ['rate', 'scale', 'seed'])
  const rate = checkNumber('rate', given.rate ?? 1, { min: 0, max: 1 })
  const scale = checkNumber('scale', given.scale ?? 0.1, { min: 0 })
  const random = new Random(seedOf(given.seed), 'mutate')
  const { parameters } = engine
  const changed = parameters.slice()
  for (let i = 0; i < changed.length; ++i) {
    if (rate === 1 || random.uniform() < rate) changed[i] += scale * random.normal()
  }
  if (!allFinite(changed, 0, changed.length)) {
    throw rangeError('scale', `one with which the weights stay finite in ${spec.precision}`, scale)
  }
  parameters.set(changed)
  return net
}

/**
 * A child of two networks of one shape: each of its neurons, with its weights and bias, is that of one or the other, by
 * equal chances. It begins without an optimiser.
 *
 * @throws RangeError if they differ in anything but their numbers and seeds
 * @example
 * import { crossover, Network } from 'deltaprop'
 * const [mother, father] = [new Network([4, 8, 2]), new Network([4, 8, 2])]
 * crossover(mother, father, { seed: 1 }).predict([1, 2, 3, 4])
 */
export function crossover(a: Network, b: Network, options: CrossoverOptions = {}): Network {
  const [first, second] = [betweenParts(stateOf('crossover', a)), betweenParts(stateOf('crossover', b))]
  checkAlike(first.spec, second.spec)
  const given = checkKeys('options', options, ['seed'])
  const seed = seedOf(given.seed)
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
 * numbers of inputs and outputs, nothing else.
 *
 * @param xs networks × inputs: a row for each network
 * @param out where to write the outputs, networks × outputs; without it, to a new array
 * @returns out, or the new array; row-major
 * @throws TypeError or RangeError that names what is wrong
 * @example
 * import { Network, predictAll } from 'deltaprop'
 * const agents = [1, 2, 3].map((seed) => new Network([2, 4, 1], { seed }))
 * predictAll(agents, [[0, 1], [1, 0], [1, 1]]).length // 3
 */
export function predictAll(networks: readonly Network[], xs: Samples, out?: Floats): Floats {
  if (!Array.isArray(networks)) throw typeError('networks', 'an array of networks', show(networks))
  if (networks.length === 0) throw rangeError('networks', 'at least 1 network', 0)
  const states = statesOf(networks)
  const { spec } = states[0]
  const { inputs, precision } = spec
  const outputs = outputsOf(spec)
  const { rows, values: given } = readSamples('xs', xs, inputs, 'inputs', precision)
  if (rows !== states.length) throw rangeError('xs', `${states.length} rows, one for each network`, rows)
  const length = states.length * outputs
  const result = out === undefined ? newFloats(length, precision) : checkOut(out, length, precision)
  // What is written for one network is not to be what the next one reads.
  const values = areInOneMemory(result, given) ? given.slice() : given
  beginStaging()
  for (let i = 0; i < states.length; ++i) {
    const { engine } = states[i]
    const { x, numbers } = engine
    for (let k = 0; k < inputs; ++k) x[k] = values[i * inputs + k]
    engine.staged = undefined
    const at = engine.predictRow()
    for (let j = 0; j < outputs; ++j) result[i * outputs + j] = numbers[at + j]
  }
  return result
}

/** @throws TypeError, RangeError or Error that names the first network that is none, or unlike the first of all */
function statesOf(networks: readonly unknown[]): readonly State[] {
  const states: State[] = []
  for (let i = 0; i < networks.length; ++i) {
    const state = betweenParts(stateOf('networks', networks[i] as Network, i))
    states.push(state)
    const [first, { spec }] = [states[0].spec, state]
    // Those of networks that were made alike are the same object.
    if (spec.layers === first.layers) continue
    const [inputs, outputs] = [first.inputs, outputsOf(first)]
    if (spec.inputs === inputs && outputsOf(spec) === outputs) continue
    const got = `${spec.inputs} and ${outputsOf(spec)}`
    throw rangeError(`networks[${i}]`, `${inputs} inputs and ${outputs} outputs, as networks[0]`, got)
  }
  return states
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
}

function textOf(spec: Spec): string {
  return `${describeArchitecture(spec)}, ${spec.loss}, ${spec.engine}, ${spec.arithmetic}`
}
