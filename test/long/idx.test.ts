import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readIdx, type IdxTensor } from '../../src/data/index.js'
import { hasMnist, mnistFolder, readMnist } from '../support/mnist.js'

const missing = hasMnist() ? '' : ` (SKIPPED: no MNIST in ${mnistFolder}, set MNIST_DIR)`

describe.skipIf(!hasMnist())(`MNIST${missing}`, () => {
  it.each(['mnist10k-train', 't10k'] as const)('%s: images and labels', async (part) => {
    const read = (name: string): Promise<IdxTensor> =>
      readIdx(readFileSync(join(mnistFolder, `${part}-${name}.gz`)))
    const [images, labels] = await Promise.all([read('images-idx3-ubyte'), read('labels-idx1-ubyte')])
    const expected = readMnist(part)
    expect(images.shape).toEqual([10_000, 28, 28])
    expect(images.values.findIndex((pixel, i) => Math.fround(pixel / 255) !== expected.x[i])).toBe(-1)
    expect(images.values).toHaveLength(expected.x.length)
    expect(labels).toEqual({ shape: [10_000], values: expected.labels })
  })
})
