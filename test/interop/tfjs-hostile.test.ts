/** Models that strangers have changed: read, or refused by an error that says where, and soon. */
import fc from '../support/fast-check.js'
import { describe, expect, it } from 'vitest'
import { errorDetails } from '../../src/data/index.js'
import { Network } from '../../src/index.js'
import { fromTensorFlowJS, type WeightFiles } from '../../src/interop/index.js'
import { Model } from '../../src/model/index.js'
import { mutatedBytes, mutatedJSON } from '../support/mutations.js'
import { tfjsFile, tfjsWeights } from '../support/tfjs-files.js'

const runs = Number(process.env.ATTEMPTS ?? 40)

const names = Object.keys(tfjsFile('answers'))

function attempt(model: object, weights: WeightFiles, meta?: object): void {
  const start = performance.now()
  try {
    if (meta === undefined) fromTensorFlowJS(model, weights).as(Network)
    else fromTensorFlowJS(model, weights, { meta }).as(Model)
  } catch (error) {
    expect(error).toSatisfy((error) => error instanceof TypeError || error instanceof RangeError)
    expect(errorDetails(error), String((error as Error).stack)).toBeDefined()
  }
  expect(performance.now() - start).toBeLessThan(1000)
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
}

/** undefined for what is not JSON any more: then there is no model. */
function parsed(text: string): object | undefined {
  try {
    return JSON.parse(text) as object
  } catch {
    return undefined
  }
}

describe.each(names)('%s', (name) => {
  const model = tfjsFile(name)

  it('another model.json', () => {
    fc.assert(
      fc.property(mutatedJSON(model), (text) => {
        const other = parsed(text)
        if (other !== undefined) attempt(other, tfjsWeights)
      }),
      { numRuns: runs },
    )
  })

  it('other bytes', () => {
    const files = Object.keys(tfjsWeights).filter((file) =>
      JSON.stringify(model).includes(JSON.stringify(file)),
    )
    expect(files).not.toHaveLength(0)
    fc.assert(
      fc.property(...([fc.nat(), mutatedBytes(tfjsWeights[files[0]])] as const), (at, bytes) => {
        attempt(model, { ...tfjsWeights, [files[at % files.length]]: bytes })
      }),
      { numRuns: runs / 4 },
    )
  })
})

it.each(['ml5-classes', 'ml5-numbers'])('another meta: %s', (name) => {
  fc.assert(
    fc.property(mutatedJSON(tfjsFile(`${name}.meta`)), (text) => {
      const meta = parsed(text)
      if (meta !== undefined) attempt(tfjsFile(name), tfjsWeights, meta)
    }),
    { numRuns: runs },
  )
})

it('thousands of scales, of many columns each', () => {
  const ones = Array(100_000).fill(1)
  const layers = [
    { class_name: 'Normalization', config: { name: 'norm', mean: ones, variance: ones } },
    ...Array.from({ length: 4000 }, (_, i) => ({
      class_name: 'Rescaling',
      config: { name: `r${i}`, scale: 1.1 },
    })),
  ]
  const model = { modelTopology: { class_name: 'Sequential', config: { layers } }, weightsManifest: [] }
  expect(() => fromTensorFlowJS(model, {})).toThrow(
    /^r\d+: expected no more scales than a file of this size has/,
  )
})

it('models within models, and lists within lists', () => {
  let topology: object = { class_name: 'Sequential', config: { layers: [] } }
  let activation: unknown = 'relu'
  for (let i = 0; i < 20_000; ++i) {
    topology = { class_name: 'Sequential', config: { layers: [topology] } }
    activation = { class_name: activation, config: [activation] }
  }
  attempt({ modelTopology: topology, weightsManifest: [] }, {})
  const model = structuredClone(tfjsFile('sequential')) as { modelTopology: { config: { layers: object[] } } }
  model.modelTopology.config.layers.push({ class_name: 'Activation', config: { name: 'last', activation } })
  attempt(model, tfjsWeights)
})
