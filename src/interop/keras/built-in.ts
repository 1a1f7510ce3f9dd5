import { rangeError } from '../../base/argument-error.js'
import { show } from '../../base/check.js'

/**
 * Keras 3 says where a class is from. One of a program may have the name of one of Keras, and do something else.
 *
 * @throws RangeError unless it is of Keras, as far as that is said
 */
export function checkBuiltIn(
  label: string,
  { module, class_name: className }: Record<string, unknown>,
): void {
  if (module === undefined) return
  const isOfKeras = typeof module === 'string' && /^(tf_)?keras(\.|$)/.test(module)
  if (!isOfKeras) throw rangeError(label, 'a class of Keras itself', `${show(className)} of ${show(module)}`)
  if (/\.ops(\.|$)/.test(module)) throw rangeError(label, 'a layer, and no operation', show(className))
}
