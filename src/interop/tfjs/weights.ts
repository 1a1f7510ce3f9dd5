/**
 * The weights of a model of TensorFlow.js. The manifest lists groups: the files whose bytes, one behind the other, are
 * the weights of a group, and these weights in their order, each with its name, shape and type.
 */
import { rangeError, typeError } from '../../base/argument-error.js'
import { dataOf, partOf } from '../../base/byte-order.js'
import {
  checkInteger,
  checkName,
  checkNumber,
  checkObject,
  isBytes,
  isRecord,
  show,
  showName,
  showNoBytes,
} from '../../base/check.js'
import { checkFinite } from '../../formats/numbers.js'
import type { KerasWeight } from '../keras/dense.js'
import type { KerasLayer } from '../keras/layers.js'
import { bare, checkAlone, lastPart } from '../keras/weight-names.js'
import { half } from '../numbers.js'

/** Bytes by the names of files. */
export type WeightFiles = Readonly<Record<string, Uint8Array>>

/** Of each type that weights are stored in: the bytes of a number, and how it is read, if a layer may have it. */
const types = {
  float32: [4, (data, at) => data.getFloat32(at, true)],
  float16: [2, (data, at) => half(data.getUint16(at, true))],
  int32: [4, (data, at) => data.getInt32(at, true)],
  uint16: [2, (data, at) => data.getUint16(at, true)],
  uint8: [1, (data, at) => data.getUint8(at)],
  bool: [1],
  complex64: [8],
} as const satisfies Record<string, readonly [size: number, read?: (data: DataView, at: number) => number]>

type StoredType = keyof typeof types

/** A weight as it is stored: scale·v + min. */
interface Stored {
  readonly where: string
  readonly shape: readonly number[]
  readonly type: StoredType
  readonly scale: number
  readonly min: number
  readonly data: DataView
}

/** The names of the files in which the weights are; those that are no texts are left to ManifestWeights. */
export function fileNames(manifest: unknown): readonly string[] {
  const groups: unknown[] = Array.isArray(manifest) ? manifest : []
  const paths = groups.flatMap((group): unknown[] => {
    return isRecord(group) && Array.isArray(group.paths) ? group.paths : []
  })
  return [...new Set(paths.filter((path) => typeof path === 'string'))]
}

/** The weights by the last two parts of their names. */
export class ManifestWeights {
  /** of all files */
  readonly bytes: number
  /** undefined where several have the same name, or a layer has it already */
  readonly #stored = new Map<string, Stored | undefined>()

  /** the names of weights, by the layers that have them */
  readonly #ofLayer = new Map<string, string[]>()

  /** @throws TypeError or RangeError that names the file or the weight */
  constructor(manifest: unknown, files: unknown) {
    const path = 'model.weightsManifest'
    if (!Array.isArray(manifest)) {
      const hint = 'model.json, as tf.LayersModel.save writes it, has one'
      throw typeError(path, 'an array', show(manifest), { hint })
    }
    const given = checkObject('weights', files, { '': "such as { 'group1-shard1of1.bin': bytes }" })
    const seen = new Set<string>()
    let bytes = 0
    for (const [g, group] of manifest.entries()) {
      const { paths, weights } = checkObject(`${path}[${g}]`, group)
      if (!Array.isArray(paths)) throw typeError(`${path}[${g}].paths`, 'an array', show(paths))
      if (!Array.isArray(weights)) throw typeError(`${path}[${g}].weights`, 'an array', show(weights))
      const parts = paths.map((name, i) => fileOf(`${path}[${g}].paths[${i}]`, name, given, seen))
      const data = joined(parts)
      bytes += data.byteLength
      this.#readGroup(`${path}[${g}]`, weights, data)
    }
    this.bytes = bytes
  }

  #readGroup(path: string, weights: readonly unknown[], data: DataView): void {
    let at = 0
    for (const [i, weight] of weights.entries()) {
      const { name, ...rest } = checkObject(`${path}.weights[${i}]`, weight)
      if (typeof name !== 'string') throw typeError(`${path}.weights[${i}].name`, 'a text', show(name))
      const where = `weight ${showName(name)}`
      const { bytes, ...described } = describedWeight(where, rest)
      if (!(bytes <= data.byteLength - at)) {
        throw rangeError(where, `${bytes} bytes`, `${data.byteLength - at}: cut off, or another file`)
      }
      const key = lastParts(name)
      const [layer, own = ''] = key.split('/')
      const names = this.#ofLayer.get(layer)
      if (names === undefined) this.#ofLayer.set(layer, [own])
      else names.push(own)
      const stored = { ...described, where, data: partOf(data, at, at + bytes) }
      this.#stored.set(key, this.#stored.has(key) ? undefined : stored)
      at += bytes
    }
    if (at < data.byteLength) throw rangeError(path, `${at} bytes, as its weights have`, data.byteLength)
  }

  /**
   * @param others that the layer may have, too
   * @throws RangeError unless the file has each of them, of finite numbers, no more, and no layer has had it yet
   */
  of(
    { name, label }: KerasLayer,
    names: readonly string[],
    others: readonly string[] = [],
  ): readonly KerasWeight[] {
    checkAlone(label, this.#ofLayer.get(lastPart(name)) ?? [], names, others)
    return names.flatMap((own) => {
      const key = lastParts(`${name}/${own}`)
      const stored = this.#stored.get(key)
      if (stored === undefined) {
        const got = this.#stored.has(key) ? 'several, or one that another layer has' : 'none'
        throw rangeError(label, `one weight ${showName(key)}`, got)
      }
      this.#stored.set(key, undefined)
      const { where, shape } = stored
      const numbers = numbersOfStored(stored)
      checkFinite(where, numbers, shape.length === 2 ? shape[1] : undefined)
      return { shape, numbers }
    })
  }
}

/** The path in the manifest may begin with ./ where the name of the file does not. */
function fileOf(path: string, name: unknown, files: Record<string, unknown>, seen: Set<string>): Uint8Array {
  if (typeof name !== 'string') throw typeError(path, 'the name of a file', show(name))
  if (seen.size === seen.add(name).size) throw rangeError(path, 'each file once', `${show(name)} again`)
  const found = [name, name.replace(/^\.\//, '')].find((each) => Object.hasOwn(files, each))
  if (found === undefined) {
    const given = Object.keys(files).slice(0, 3).map(showName).join(', ')
    throw rangeError('weights', `the file ${showName(name)} of the manifest`, given === '' ? 'none' : given)
  }
  const { [found]: bytes } = files
  if (!isBytes(bytes)) throw typeError(`weights[${show(found)}]`, 'a Uint8Array', showNoBytes(bytes))
  return bytes
}

function joined(parts: readonly Uint8Array[]): DataView {
  if (parts.length === 1) return dataOf(parts[0])
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return dataOf(all)
}

function describedWeight(
  where: string,
  { shape, dtype, quantization }: Record<string, unknown>,
): Pick<Stored, 'shape' | 'type' | 'scale' | 'min'> & { bytes: number } {
  if (!Array.isArray(shape)) throw typeError(`${where}.shape`, 'an array of lengths', show(shape))
  const lengths = shape.map((length: unknown, i) => checkInteger(`${where}.shape[${i}]`, length, { min: 1 }))
  const {
    dtype: storedType = dtype,
    scale = 1,
    min = 0,
  } = quantization === undefined ? {} : checkObject(`${where}.quantization`, quantization)
  const type = checkName(`${where}.dtype`, storedType, Object.keys(types) as StoredType[])
  return {
    shape: lengths,
    type,
    scale: checkNumber(`${where}.quantization.scale`, scale),
    min: checkNumber(`${where}.quantization.min`, min),
    bytes: lengths.reduce((product, length) => product * length, types[type][0]),
  }
}

function numbersOfStored({ where, type, scale, min, data }: Stored): Float64Array {
  const [size, read] = types[type] as readonly [number, ((data: DataView, at: number) => number)?]
  if (read === undefined) throw rangeError(`${where}.dtype`, 'numbers', show(type))
  const numbers = Float64Array.from({ length: data.byteLength / size }, (_, i) => read(data, i * size))
  // Not where it changes nothing but the sign of −0.
  return scale === 1 && min === 0 ? numbers : numbers.map((number) => number * scale + min)
}

/** `sequential/dense/kernel:0` → `dense/kernel` */
function lastParts(name: string): string {
  return bare(name).split('/').slice(-2).join('/')
}
