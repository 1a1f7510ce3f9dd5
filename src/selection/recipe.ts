import { checkInteger, checkKeys, checkObject, show } from '../check.js'
import { Network, type FitOptions, type LongOptions, type ShortOptions } from '../index.js'
import type { MatrixPair } from './samples.js'

/** Options of the short form, with the hidden layers in the place of all sizes: the data say how many inputs and outputs there are. */
export interface HiddenOptions extends ShortOptions {
  /** units of the hidden layers, first to last; none unless given */
  readonly hidden?: readonly number[]
}

/** Options of fit, but those that selection sets: `parallel` and `signal` stand in for threads and signal. */
export type TrainOptions = Omit<FitOptions, 'threads' | 'signal'>

/** A network that is to be trained, and how. */
export interface Recipe {
  /** options of the network; its seed is that of the selection unless it has one */
  readonly network?: HiddenOptions | LongOptions
  /** makes the network of a fold, counted from 0 on, in the place of `network`: a new one in every call */
  readonly create?: (fold: number) => Network
  readonly fit?: TrainOptions
}

export const recipeNames: readonly string[] = ['network', 'create', 'fit']

const networkNames: Readonly<Record<keyof HiddenOptions, true>> = {
  hidden: true,
  activation: true,
  initializer: true,
  biasInitializer: true,
  loss: true,
  precision: true,
  seed: true,
  engine: true,
  arithmetic: true,
}

/** What a recipe comes to on some data. */
export interface Candidate {
  readonly fit: TrainOptions
  /** @throws TypeError or RangeError unless it is a network of its own, with as many inputs and outputs as the data have */
  readonly network: (fold: number) => Network
}

/** @throws TypeError or RangeError that names what is wrong; options of a network and of fit are looked at where they are used */
export function candidateOf(
  { network, create, fit = {} }: Readonly<Record<string, unknown>>,
  { x, y }: MatrixPair,
  seed: number,
): Candidate {
  const sizes = { inputs: x.columns, outputs: y.columns }
  const make = create === undefined ? fromOptions(network, sizes, seed) : fromCreate(network, create)
  const made = new WeakSet<Network>()
  return {
    fit: checkFit(fit),
    network: (fold) => {
      const net = make(fold)
      checkSize('inputs', net.inputs, x.columns, 'x')
      checkSize('outputs', net.outputs, y.columns, 'y')
      if (made.has(net)) throw new Error('create: expected a new network in every call, got one of another')
      made.add(net)
      return net
    },
  }
}

function checkSize(what: string, size: number, expected: number, samples: string): void {
  if (size === expected) return
  throw new RangeError(`network: expected ${expected} ${what} as in ${samples}, got ${size}`)
}

function fromOptions(
  network: unknown,
  { inputs, outputs }: { readonly inputs: number; readonly outputs: number },
  seed: number,
): (fold: number) => Network {
  const given = checkObject('network', network)
  // Its own seed goes before that of the selection.
  if ('layers' in given) return () => new Network({ seed, ...(given as unknown as LongOptions) })
  const { hidden = [], ...options } = checkKeys('network', given, Object.keys(networkNames))
  if (!Array.isArray(hidden)) throw new TypeError(`hidden: expected an array of units, got ${show(hidden)}`)
  for (const [i, units] of hidden.entries()) checkInteger(`hidden[${i}]`, units, { min: 1 })
  const sizes = [inputs, ...(hidden as number[]), outputs]
  return () => new Network(sizes, { seed, ...(options as ShortOptions) })
}

function fromCreate(network: unknown, create: unknown): (fold: number) => Network {
  if (network !== undefined) {
    throw new TypeError(`network: expected nothing beside create, got ${show(network)}`)
  }
  if (!isFunction(create)) throw new TypeError(`create: expected a function, got ${show(create)}`)
  return (fold) => {
    const net = create(fold)
    if (net instanceof Network) return net
    throw new TypeError(`create: expected it to return a Network, got ${show(net)}`)
  }
}

function checkFit(option: unknown): TrainOptions {
  const fit = checkObject('fit', option)
  for (const [name, instead] of [
    ['threads', 'parallel'],
    ['signal', 'signal'],
  ]) {
    if (fit[name] === undefined) continue
    throw new TypeError(
      `fit.${name}: expected nothing, for there is the option ${instead}, got ${show(fit[name])}`,
    )
  }
  return fit
}

function isFunction(value: unknown): value is (argument: unknown) => unknown {
  return typeof value === 'function'
}
