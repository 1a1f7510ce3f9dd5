import { typeError } from '../base/argument-error.js'
import { checkKeys, checkName, checkNumber, show } from '../base/check.js'
import { otherInitializers } from './other-names.js'
import type { Random } from '../base/random.js'
import { suggestion } from '../base/suggest.js'

export const initializerNames = [
  'lecunNormal',
  'lecunUniform',
  'glorotNormal',
  'glorotUniform',
  'heNormal',
  'heUniform',
  'normal',
  'uniform',
  'zeros',
] as const

/** How the initial parameters are drawn, by name. */
export type InitializerName = (typeof initializerNames)[number]

/** An initialiser by name; `normal` (standard deviation) and `uniform` (half width) take a scale, 1 unless given. */
export type InitializerOption =
  | InitializerName
  | { readonly type: Exclude<InitializerName, 'normal' | 'uniform'> }
  | { readonly type: 'normal' | 'uniform'; readonly scale?: number }

export interface Initializer {
  readonly type: InitializerName
  /** standard deviation of `normal`, half width of `uniform`; 1 for the others, whose scale follows from the layer */
  readonly scale: number
}

/** @throws TypeError or RangeError that names the option and lists the known names. */
export function resolveInitializer(name: string, option: unknown): Initializer {
  if (typeof option === 'string')
    return { type: checkName(name, option, initializerNames, otherInitializers), scale: 1 }
  if (typeof option !== 'object' || Array.isArray(option)) {
    const hint = suggestion(undefined, [], otherInitializers)
    throw typeError(name, 'a name or an object', show(option), { hint })
  }
  const { type: typeOption, scale } = checkKeys(name, option, ['type', 'scale'], otherInitializers)
  const type = checkName(`${name}.type`, typeOption, initializerNames, otherInitializers)
  if (scale === undefined) return { type, scale: 1 }
  if (type !== 'normal' && type !== 'uniform') checkKeys(name, { scale }, [])
  return { type, scale: checkNumber(`${name}.scale`, scale, { min: 0 }) }
}

/** The option that resolves to this initialiser: only the name if its scale is the default. */
export function initializerOption({ type, scale }: Initializer): InitializerOption {
  return (type === 'normal' || type === 'uniform') && scale !== 1 ? { type, scale } : type
}

/**
 * Fills the values of one layer. Variances: LeCun et al. 1998 1/fanIn, Glorot & Bengio 2010 2/(fanIn + fanOut), He et
 * al. 2015 2/fanIn; a uniform distribution of half width h has variance h²/3.
 */
export function initialize(
  values: Float32Array | Float64Array,
  { type, scale }: Initializer,
  fanIn: number,
  fanOut: number,
  random: Random,
): void {
  switch (type) {
    case 'lecunNormal':
      return fillNormal(values, Math.sqrt(1 / fanIn), random)
    case 'lecunUniform':
      return fillUniform(values, Math.sqrt(3 / fanIn), random)
    case 'glorotNormal':
      return fillNormal(values, Math.sqrt(2 / (fanIn + fanOut)), random)
    case 'glorotUniform':
      return fillUniform(values, Math.sqrt(6 / (fanIn + fanOut)), random)
    case 'heNormal':
      return fillNormal(values, Math.sqrt(2 / fanIn), random)
    case 'heUniform':
      return fillUniform(values, Math.sqrt(6 / fanIn), random)
    case 'normal':
      return fillNormal(values, scale, random)
    case 'uniform':
      return fillUniform(values, scale, random)
    case 'zeros':
      values.fill(0)
  }
}

function fillNormal(values: Float32Array | Float64Array, deviation: number, random: Random): void {
  for (let i = 0; i < values.length; ++i) values[i] = deviation * random.normal()
}

function fillUniform(values: Float32Array | Float64Array, halfWidth: number, random: Random): void {
  for (let i = 0; i < values.length; ++i) values[i] = halfWidth * (2 * random.uniform() - 1)
}
