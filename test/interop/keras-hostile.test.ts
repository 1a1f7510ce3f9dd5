/** Files of Keras that strangers have made: read, or refused by an error that says where, before the test's time is up. */
import { readFileSync } from 'node:fs'
import fc from '../support/fast-check.js'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { errorDetails } from '../../src/data/index.js'
import { Network } from '../../src/index.js'
import { fromKeras } from '../../src/interop/index.js'
import { openHDF5, type HDF5Object } from '../../src/interop/hdf5/objects.js'

const runs = Number(process.env.ATTEMPTS ?? 100)
const folder = 'test/fixtures/interop/keras'
const file = (name: string): Uint8Array<ArrayBuffer> => Uint8Array.from(readFileSync(`${folder}/${name}`))

function attempt(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    expect(errorDetails(error), String((error as Error).stack)).toBeDefined()
  }
}

/** Reads all that is in a file, as often as it is linked. */
function readAll(bytes: Uint8Array): void {
  const seen = new Set<HDF5Object>()
  const visit = (object: HDF5Object): void => {
    if (seen.size === seen.add(object).size) return
    for (const name of ['name', 'weight_names', 'layer_names', 'model_config']) {
      attempt(() => object.attribute(name))
    }
    attempt(() => object.numbers('numbers'))
    for (const name of object.names) {
      const member = object.at([name])
      if (member !== undefined) visit(member)
    }
  }
  visit(openHDF5(bytes))
}

describe.each(['functional.h5', 'keras-2.h5', 'activations.weights.h5'])(
  'links that lead elsewhere: %s',
  (name) => {
    const original = file(name)
    // All structures begin at multiples of 8: an address is a number that is one of them.
    const places = Array.from({ length: original.length / 8 }, (_, i) => 8 * i)
    const numbers = new DataView(original.buffer)
    const addresses = places.filter((at) => {
      const value = numbers.getBigUint64(at, true)
      return value > 0n && value < BigInt(original.length) && value % 8n === 0n
    })
    const targets = [...new Set(addresses.map((at) => numbers.getBigUint64(at, true)))]

    it('to another structure', () => {
      const link = fc.tuple(
        fc.constantFrom(...addresses),
        fc.constantFrom(...targets, 2n ** 31n, 2n ** 64n - 1n),
      )
      fc.assert(
        fc.property(fc.array(link, { minLength: 1, maxLength: 8 }), (links) => {
          const bytes = original.slice()
          const data = new DataView(bytes.buffer)
          for (const [at, target] of links) data.setBigUint64(at, target, true)
          attempt(() => readAll(bytes))
          attempt(() => fromKeras(bytes, name.includes('weights') ? { activation: 'relu' } : {}).as(Network))
        }),
        { numRuns: 3 * runs },
      )
    })
  },
)

describe('what would take for ever', () => {
  const original = file('functional.h5')
  const text = new TextDecoder('latin1').decode(original)

  function changed(change: (data: DataView, bytes: Uint8Array) => void): Uint8Array {
    const bytes = original.slice()
    change(new DataView(bytes.buffer), bytes)
    return bytes
  }

  /** Where the parts of the attribute of the root begin. */
  function attributeAt(name: string): { type: number; space: number; data: number } {
    const at = text.indexOf(`${name}\0`)
    const [typeLength, spaceLength] = [4, 6].map((part) => {
      return Math.ceil(new DataView(original.buffer).getUint16(at - 8 + part, true) / 8) * 8
    })
    const type = at + Math.ceil((name.length + 1) / 8) * 8
    return { type, space: type + typeLength, data: type + typeLength + spaceLength }
  }

  it('texts without bytes, four billion of them', () => {
    const { type, space } = attributeAt('keras_version')
    const bytes = changed((data) => {
      data.setUint8(type, 0x13)
      data.setUint32(type + 4, 0, true)
      data.setUint8(space + 1, 1)
      data.setBigUint64(space + 8, 2n ** 32n - 1n, true)
    })
    expect(() => fromKeras(bytes)).toThrow(
      'bytes: expected a sound HDF5 file: this one is cut off or damaged',
    )
  })

  it('a tree whose node is its own child', () => {
    const tree = text.indexOf('TREE')
    const bytes = changed((data) => {
      data.setUint8(tree + 5, 200)
      data.setUint16(tree + 6, 20, true)
      for (let entry = 0; entry < 20; ++entry) data.setBigUint64(tree + 32 + 16 * entry, BigInt(tree), true)
    })
    expect(() => fromKeras(bytes)).toThrow('got a tree of another kind')
  })

  it('an object header that continues in itself', () => {
    const root = Number(new DataView(original.buffer).getBigUint64(64, true))
    const bytes = changed((data) => {
      data.setUint16(root + 16, 0x10, true)
      data.setUint16(root + 18, 16, true)
      data.setBigUint64(root + 24, BigInt(root + 16), true)
      data.setBigUint64(root + 32, 24n, true)
    })
    expect(() => fromKeras(bytes)).toThrow('got more structures than a file of this size has')
  })

  it('a heap of objects without bytes', () => {
    const heap = text.indexOf('GCOL')
    const bytes = changed((data) => {
      data.setBigUint64(heap + 8, 2n ** 52n, true)
      for (let at = heap + 16; at + 16 < original.length; at += 16) {
        data.setUint16(at, 0xffff, true)
        data.setBigUint64(at + 8, 0n, true)
      }
    })
    expect(() => fromKeras(bytes)).toThrow(
      'bytes: expected a sound HDF5 file: this one is cut off or damaged',
    )
  })

  it('a path of many names', () => {
    const layer = { class_name: 'Dense', config: { name: `${'a/'.repeat(200_000)}b`, units: 3 } }
    const config = { class_name: 'Sequential', config: { layers: [layer] } }
    expect(() => fromKeras(file('keras-2.weights.h5'), { config })).toThrow(
      'expected at most 32 groups within one another, got 200001',
    )
  })

  it('a ZIP whose directory claims more files than there are', () => {
    const bytes = file('double.keras')
    new DataView(bytes.buffer).setUint16(bytes.length - 12, 0xffff, true)
    expect(() => fromKeras(bytes)).toThrow('bytes: expected a sound ZIP: this one is cut off or damaged')
  })

  it('a file that becomes larger than it is said to be', () => {
    const bytes = zipSync({ 'metadata.json': new Uint8Array(2 ** 24) }, { level: 9 })
    const directory = new DataView(bytes.buffer).getUint32(bytes.length - 6, true)
    new DataView(bytes.buffer).setUint32(directory + 24, 10, true)
    expect(() => fromKeras(bytes)).toThrow('bytes: expected a sound ZIP: this one is cut off or damaged')
  })

  it('a dataset that is larger than the file', () => {
    // The only kernel of 4 × 6.
    const shape = text.indexOf('\x04\0\0\0\0\0\0\0\x06\0\0\0\0\0\0\0')
    const bytes = changed((data) => {
      data.setBigUint64(shape, 2n ** 20n, true)
      data.setBigUint64(shape + 8, 2n ** 20n, true)
    })
    expect(() => fromKeras(bytes)).toThrow(/got (4398046511104 bytes at|more structures)/)
  })
})
