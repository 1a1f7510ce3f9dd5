import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** Where MNIST is looked for: the folder in MNIST_DIR, or ../shared/data beside the project. */
export const mnistFolder = process.env.MNIST_DIR ?? '../shared/data'

export interface Digits {
  /** samples × 784, from 0 to 1 */
  readonly x: Float32Array
  /** samples × 10, one-hot */
  readonly y: Float32Array
  readonly labels: Uint8Array
}

export function hasMnist(): boolean {
  return existsSync(join(mnistFolder, 'mnist10k-train-images-idx3-ubyte.gz'))
}

/** The 10,000 training images or the 10,000 official test images. */
export function readMnist(part: 'mnist10k-train' | 't10k'): Digits {
  const images = gunzipSync(readFileSync(join(mnistFolder, `${part}-images-idx3-ubyte.gz`))).subarray(16)
  const labels = gunzipSync(readFileSync(join(mnistFolder, `${part}-labels-idx1-ubyte.gz`))).subarray(8)
  const y = new Float32Array(labels.length * 10)
  for (const [i, label] of labels.entries()) y[i * 10 + label] = 1
  return { x: Float32Array.from(images, (pixel) => pixel / 255), y, labels: new Uint8Array(labels) }
}

/** The share of samples whose largest output is their label. */
export function accuracy(outputs: Float32Array | Float64Array, labels: Uint8Array): number {
  const right = labels.reduce((count, label, i) => {
    const row = outputs.subarray(i * 10, i * 10 + 10)
    return count + Number(row.indexOf(Math.max(...row)) === label)
  }, 0)
  return right / labels.length
}
