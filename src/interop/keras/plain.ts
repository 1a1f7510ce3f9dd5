/** A name as Keras and TensorFlow.js mean it, whether it is hard_sigmoid or hardSigmoid. */
export function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}
