import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Network } from '../../src/index.js'
import { fromONNX } from '../../src/interop/index.js'
import { Model } from '../../src/model/index.js'
import { difference } from '../support/difference.js'

const folder = 'test/fixtures/interop/onnx'

/** What onnxruntime answers for a file: inputs and outputs, row by row. */
interface Answer {
  readonly shape: readonly number[]
  readonly x: readonly number[]
  readonly y: readonly number[]
}

const answers = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as Record<string, Answer>

function read(name: string): Uint8Array {
  return readFileSync(`${folder}/${name}`)
}

describe('predicts as onnxruntime does', () => {
  for (const [name, { x, y }] of Object.entries(answers).filter(([name]) => !name.startsWith('skl'))) {
    it(name, () => {
      const net = fromONNX(read(name)).as(Network)
      expect(difference(net.predict(x), y)).toBeLessThan(1e-6)
    })
  }
})

describe('scikit-learn', () => {
  const { x, y } = answers['skl_nozip.onnx']
  for (const name of ['skl_zip.onnx', 'skl_nozip.onnx']) {
    it(`${name}: probabilities and classes`, () => {
      const model = fromONNX(read(name), { columns: ['a', 'b', 'c', 'd'] }).as(Model)
      const rows = Array.from({ length: x.length / 4 }, (_, i) => {
        const [a, b, c, d] = x.slice(4 * i, 4 * i + 4)
        return { a, b, c, d }
      })
      const probabilities = model
        .predict(rows)
        .flatMap(({ probabilities }) => Object.values(probabilities as object) as number[])
      expect(difference(probabilities, y)).toBeLessThan(1e-6)
    })
  }
})
