/** The numbers of other tools' files, little-endian, as f64. */

/** Bytes of a number of each type. */
export const numberSizes = { F16: 2, BF16: 2, F32: 4, F64: 8 } as const

/** The types of numbers that parameters have in other tools' files. */
export type NumberType = keyof typeof numberSizes

/**
 * All numbers of some bytes, as many as there are.
 *
 * @param data a whole number of them
 */
export function numbersOf(type: NumberType, data: DataView): Float64Array {
  const size = numberSizes[type]
  return Float64Array.from({ length: data.byteLength / size }, (_, i) => numberAt[type](data, i * size))
}

const numberAt: Readonly<Record<NumberType, (data: DataView, at: number) => number>> = {
  F16: (data, at) => half(data.getUint16(at, true)),
  BF16: (data, at) => bfloat(data.getUint16(at, true)),
  F32: (data, at) => data.getFloat32(at, true),
  F64: (data, at) => data.getFloat64(at, true),
}

/** IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. */
export function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (fraction + 0x400) * 2 ** (exponent - 25)
}

/** The upper half of an f32: sign, 8 bits of exponent, 7 of fraction. */
export function bfloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 7) & 0xff
  const fraction = bits & 0x7f
  if (exponent === 0xff) return fraction === 0 ? sign * Infinity : NaN
  return exponent === 0 ? sign * fraction * 2 ** -133 : sign * (fraction + 0x80) * 2 ** (exponent - 134)
}

/** rows × columns → columns × rows */
export function transposed(numbers: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(numbers.length)
  for (let i = 0; i < rows; ++i) {
    for (let j = 0; j < columns; ++j) result[j * rows + i] = numbers[i * columns + j]
  }
  return result
}
