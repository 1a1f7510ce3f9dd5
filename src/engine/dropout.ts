/** The random numbers of assembly/kernels/dropout.ts, which decide which neurons are dropped from which samples. */

/** Where neurons are dropped, and from which random numbers. */
export interface Dropout {
  /** p, the probability, for each layer; 0 for the last */
  readonly rates: readonly number[]
  /** an integer below 2³², different for every epoch */
  readonly key: number
  /** position of the first staged sample in the order of the epoch */
  readonly position: number
}

/** 2³² divided by the golden ratio, odd. */
const GOLDEN = 0x9e3779b9

/** p·2³²: a neuron is dropped if its 32-bit random number is below this. */
export function thresholdOf(rate: number): number {
  return Math.min(Math.round(rate * 2 ** 32), 2 ** 32 - 1)
}

/** The random-number key of layer l. */
export function layerKey(key: number, l: number): number {
  return mix(key + Math.imul(l, GOLDEN))
}

/** r[j][s]: a number from 0 to 2³² − 1, for neuron j of the layer with this key and the sample at this position. */
export function dropoutBits(key: number, j: number, position: number): number {
  return mix(mix(position + key) + mix(key + Math.imul(j, GOLDEN)))
}

/** See assembly/kernels/dropout.ts; x is taken modulo 2³². */
function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}
