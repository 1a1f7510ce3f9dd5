/** The names of weights in files of Keras and TensorFlow.js: `sequential/dense/kernel:0`. */
import { rangeError } from '../../base/argument-error.js'
import { showName } from '../../base/check.js'

/** Without the number of an output: `kernel:0` → `kernel` */
export function bare(name: string): string {
  return name.replace(/:\d+$/, '')
}

/** `sequential/dense` → `dense` */
export function lastPart(name: string): string {
  return name.split('/').at(-1) ?? ''
}

/**
 * Weights that nothing reads, of LoRA or of a quantised layer, would change what the layer does.
 *
 * @param stored those that the file has of a layer
 * @param names those that are read
 * @param others those that may be there, too
 * @throws RangeError for any other
 */
export function checkAlone(
  label: string,
  stored: readonly string[],
  names: readonly string[],
  others: readonly string[],
): void {
  const other = stored.find((own) => !names.includes(own) && !others.includes(own))
  if (other !== undefined) throw rangeError(label, alone(names), `${showName(other)} too`)
}

/** What is expected where nothing else may be: `kernel and bias alone` */
export function alone(names: readonly string[]): string {
  return `${names.join(' and ')} alone`
}
