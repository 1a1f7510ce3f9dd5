/** The shapes of samples between the layers of Keras. */
import { typeError } from '../../base/argument-error.js'
import { checkInteger, show } from '../../base/check.js'

/** Lengths; undefined where one is not known. */
export type SampleShape = readonly (number | undefined)[]

/** Of one sample. @param value of a batch, undefined if it is not known */
export function sampleShape(label: string, value: unknown): SampleShape | undefined {
  return value === undefined || value === null
    ? undefined
    : dimensions(`${label}.batch_shape`, value).slice(1)
}

/** Lengths; those that are not known are null, or −1. */
export function dimensions(path: string, value: unknown): SampleShape {
  if (!Array.isArray(value)) throw typeError(path, 'an array of lengths', show(value))
  return value.map((length: unknown, i) => {
    return length === null || length === -1 ? undefined : checkInteger(`${path}[${i}]`, length, { min: 1 })
  })
}

/** How many numbers; undefined if a length is not known. */
export function sizeOf(shape: SampleShape): number | undefined {
  return shape.reduce<number | undefined>((size, length) => size && length && size * length, 1)
}

/** For messages: `[2, ?]`. */
export function showShape(shape: SampleShape): string {
  const first = shape.slice(0, 6).map((length) => length ?? '?')
  return `[${first.join(', ')}${shape.length > first.length ? ', …' : ''}]`
}
