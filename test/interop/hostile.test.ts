/**
 * Files that strangers have changed: read, or refused by an error that says where, before the
 * test's time is up.
 */
import { readdirSync, readFileSync } from 'node:fs'
import fc from '../support/fast-check.js'
import { describe, expect, it } from 'vitest'
import { errorDetails } from '../../src/data/index.js'
import { Network } from '../../src/index.js'
import { fromKeras, fromONNX, fromStateDict } from '../../src/interop/index.js'

const folder = 'test/fixtures/interop'
const runs = Number(process.env.ATTEMPTS ?? 60)

function filesOf(tool: string, ending: string): [string, Uint8Array][] {
  const names = readdirSync(`${folder}/${tool}`).filter((name) => name.endsWith(ending))
  return names.map((name) => [name, new Uint8Array(readFileSync(`${folder}/${tool}/${name}`))])
}

/** Bytes that are overwritten, cut out or doubled. */
const changes = fc.array(
  fc.record({
    kind: fc.constantFrom('set', 'cut', 'double', 'largest'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 40 }),
    value: fc.integer({ min: 0, max: 255 }),
  }),
  { minLength: 1, maxLength: 6 },
)

type Change = Parameters<Parameters<typeof changes.map>[0]>[0][number]

function changed(bytes: Uint8Array, list: readonly Change[]): Uint8Array {
  let result = Array.from(bytes)
  for (const { kind, at, length, value } of list) {
    const start = Math.floor(at * result.length)
    const part = result.slice(start, start + length)
    if (kind === 'set') result[start] = value
    if (kind === 'largest') result.fill(255, start, start + Math.min(length, 9))
    if (kind === 'cut') result = [...result.slice(0, start), ...result.slice(start + length)]
    if (kind === 'double') result = [...result.slice(0, start), ...part, ...result.slice(start)]
  }
  return Uint8Array.from(result)
}

/** Reads it, or throws an error of ours. */
function attempt(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    expect(errorDetails(error), String((error as Error).stack)).toBeDefined()
  }
}

/** A file of weights alone needs an activation, and one with its layers refuses it: each is read in both ways. */
function readKeras(bytes: Uint8Array): void {
  attempt(() => fromKeras(bytes).as(Network))
  attempt(() => fromKeras(bytes, { activation: 'relu' }).as(Network))
}

const readers: readonly (readonly [string, [string, Uint8Array][], (bytes: Uint8Array) => unknown])[] = [
  [
    'ONNX',
    [...filesOf('onnx', '.onnx'), ...filesOf('onnx/current', '.onnx')],
    (bytes) => fromONNX(bytes).as(Network),
  ],
  [
    'state_dict',
    filesOf('torch', '.safetensors'),
    (bytes) => fromStateDict(bytes, { activation: 'relu' }).as(Network),
  ],
  ['Keras', [...filesOf('keras', '.keras'), ...filesOf('keras', '.h5')], readKeras],
]

describe.each(readers)('%s', (_, files, read) => {
  it.each(files)('%s', (_, bytes) => {
    fc.assert(
      fc.property(changes, (list) => attempt(() => read(changed(bytes, list)))),
      { numRuns: runs },
    )
  })
})
