import fc from '../support/fast-check.js'
import { expect, it } from 'vitest'
import type { Architecture } from '../../src/definition/architecture.js'
import { layOut, type Layout } from '../../src/engine/wasm/memory.js'
import { parameterCount } from '../../src/definition/architecture.js'
import { tanhSpec } from '../support/engines.js'

const PAGE = 65_536
const PANEL = 32
const RECORD = 128
/** Where AssemblyScript's own data end: test/kernels/module.test.ts. */
const FIRST_ADDRESS = 1024
const CHUNK = 256
const PANELS_BYTES = 2 ** 26

type Precision = Architecture['precision']
/** [name, address, bytes that the kernels read or write there] */
type Region = readonly [string, number, number]

/** Samples panels, as many numbers as samples in them, and feature panels, which are whole panels of features too. */
function panelsOf(layout: Layout): Region[] {
  const { layers, chunk, numberBytes, panelLanes, targets, losses } = layout
  const outputs = layers[layers.length - 1].nOut
  const samples = (name: string, address: number, size: number): Region => [
    name,
    address,
    chunk * size * numberBytes,
  ]
  return [
    samples('targets', targets, outputs),
    samples('losses', losses, 1),
    samples('inputs', layers[0].input, layers[0].nIn),
    ...layers.flatMap(({ nIn, nOut, features, a, delta }, l): Region[] => [
      [`features ${l}`, features, Math.ceil(nIn / panelLanes) * chunk * PANEL],
      samples(`a ${l}`, a, nOut),
      samples(`delta ${l}`, delta, nOut),
    ]),
  ]
}

/** What a thread writes on its own: see assembly/step/phase2.ts and assembly/panels/pack.ts. */
function threadRegions(layout: Layout): Region[] {
  const { layers, numberBytes, chunk } = layout
  return layout.threads.flatMap((thread, t): Region[] => {
    // Gradients of at least four rows, at most a whole strip, and one panel beyond.
    const strips = layers.map(({ nIn, nOut }) => Math.min(nOut, 4) * nIn * numberBytes)
    const deltas = layers.map(({ blockRows, nOut }) => {
      const rows = Math.min(nOut, blockRows)
      return Math.ceil(rows / 4) * 4 * chunk * numberBytes
    })
    const columns = layers.slice(1).map(({ nOut }) => nOut * 64)
    return [
      [`record ${t}`, thread.record, RECORD],
      [`optimizer ${t}`, thread.optimizer, RECORD],
      [`counters ${t}`, thread.counters, 4 * 8],
      [`report ${t}`, thread.report, 2 * 8],
      [`scratch ${t}`, thread.scratch, 5 * 16],
      [`strip ${t}`, thread.strip, Math.max(thread.stripBytes, ...strips) + PANEL],
      [`packed ${t}`, thread.packed, Math.max(...deltas, ...columns)],
    ]
  })
}

function regionsOf(layout: Layout): Region[] {
  const { layers, numberBytes, capacity, regionBytes } = layout
  const outputs = layers[layers.length - 1].nOut
  return [
    ['network', layout.network, RECORD],
    ...layers.map(({ record }, l): Region => [`layer ${l}`, record, RECORD]),
    ['barrier', layout.barrier, 2 * 4],
    ['taken', layout.taken, layout.takenBytes * layout.threads.length],
    ...['parameters', 'gradients', 'slot 0', 'slot 1', 'slot 2'].map((name, r): Region => [
      name,
      layout.parameters + r * regionBytes,
      regionBytes,
    ]),
    ['x', layout.x, capacity * layers[0].nIn * numberBytes],
    ['y', layout.y, capacity * outputs * numberBytes],
    ['order', layout.order, capacity * 4],
    ['rates', layout.rates, capacity * 8],
    ...panelsOf(layout),
    ...threadRegions(layout),
  ]
}

function expectSound(spec: Architecture, layout: Layout): void {
  const { layers, numberBytes, panelLanes, chunk } = layout
  expect(numberBytes).toBe(spec.precision === 'f64' ? 8 : 4)
  expect(panelLanes).toBe(PANEL / numberBytes)

  let end = FIRST_ADDRESS
  let before = 'what AssemblyScript keeps'
  for (const [name, address, bytes] of regionsOf(layout).sort((one, other) => one[1] - other[1])) {
    if (address % 16 !== 0) expect.fail(`${name} at ${address} is not aligned`)
    if (address < end) expect.fail(`${name} at ${address} overlaps ${before}, which ends at ${end}`)
    end = address + bytes
    before = name
  }
  if (end > layout.pages * PAGE) expect.fail(`${before} ends at ${end}, beyond ${layout.pages} pages`)
  expect(layout.pages).toBeLessThanOrEqual(PAGE)

  // Chunks: as many samples as the budget of the panels allows, whole panels of them.
  expect(chunk % panelLanes).toBe(0)
  expect(chunk).toBeGreaterThanOrEqual(panelLanes)
  expect(chunk).toBeLessThanOrEqual(CHUNK)
  const panelBytes = panelsOf(layout).reduce((sum, [, , bytes]) => sum + bytes, 0)
  if (chunk > panelLanes) expect(panelBytes).toBeLessThanOrEqual(PANELS_BYTES)
  const width = spec.layers.reduce((sum, { units }) => sum + units + panelLanes, spec.inputs + panelLanes)
  if (chunk < CHUNK) expect((chunk + panelLanes) * 3 * width * numberBytes).toBeGreaterThan(PANELS_BYTES)
  expect(layout.capacity).toBeGreaterThanOrEqual(chunk)

  // Parameters: w b w b …, contiguous, and a panel may be written beyond the last.
  expect(layers.map(({ nOut }) => nOut)).toEqual(spec.layers.map(({ units }) => units))
  let [w, input, nIn] = [layout.parameters, layers[0].input, spec.inputs]
  for (const layer of layers) {
    expect([layer.w, layer.input, layer.nIn]).toEqual([w, input, nIn])
    expect(layer.b).toBe(w + layer.nOut * nIn * numberBytes)
    w = layer.b + layer.nOut * numberBytes
    input = layer.a
    nIn = layer.nOut
  }
  // Blocks of whole tiles that cover the rows, and some for every thread.
  for (const { blockRows, blocks, nOut } of layers) {
    expect(blockRows % 4).toBe(0)
    expect(blocks).toBe(Math.ceil(nOut / blockRows))
    if (layout.threads.length > 1) {
      const tiles = Math.ceil(nOut / 4)
      expect(blockRows / 4).toBeLessThanOrEqual(Math.ceil(tiles / (2 * layout.threads.length)))
    }
  }
  expect(layout.takenBytes).toBeGreaterThanOrEqual(4 * layers.length)
  expect(layout.parameterCount).toBe(parameterCount(spec))
  expect(w).toBe(layout.parameters + layout.parameterCount * numberBytes)
  expect(layout.regionBytes).toBeGreaterThanOrEqual(layout.parameterCount * numberBytes + PANEL)
}

/** The bytes of `network: expected to fit in 4,294,967,296 bytes of memory, needs 64,000,000,000 bytes`. */
function bytesNeeded(error: unknown): number {
  expect(error).toBeInstanceOf(RangeError)
  const pattern =
    /^network(?: and data)?: expected to fit in 4,294,967,296 bytes of memory, needs ([\d,]+) bytes$/
  const match = pattern.exec((error as RangeError).message)
  return Number(match?.[1].replaceAll(',', ''))
}

const precision = fc.constantFrom<Precision>('f32', 'f64')
const threads = fc.integer({ min: 1, max: 9 })
const rowCount = fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined })
const size = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 40 }) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 600 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 60_000 }) },
)

it('no two regions overlap, each has room for what the kernels write, all are within the pages', () => {
  fc.assert(
    fc.property(
      fc.array(size, { minLength: 2, maxLength: 6 }),
      precision,
      threads,
      rowCount,
      (sizes, type, count, rows) => {
        const spec = tanhSpec(sizes, type)
        const floor = 6 * parameterCount(spec) * (type === 'f64' ? 8 : 4)
        let layout: Layout
        try {
          layout = layOut(spec, count, rows)
        } catch (error) {
          const bytes = bytesNeeded(error)
          expect(bytes).toBeGreaterThan(2 ** 32)
          expect(bytes).toBeGreaterThan(floor)
          return
        }
        expectSound(spec, layout)
        expect(layout.capacity).toBeGreaterThanOrEqual(rows ?? 1)
        expect(layout.capacity % layout.chunk).toBe(0)
      },
    ),
    { numRuns: 2000 },
  )
})

it('wherever in a page the last region ends', () => {
  for (const type of ['f32', 'f64'] as const) {
    for (const nIn of [1, 2, 3, 8, 40, 700, 1100]) {
      for (let nOut = 1; nOut <= 500; ++nOut) {
        const spec = tanhSpec([nIn, nOut], type)
        expectSound(spec, layOut(spec))
      }
    }
  }
})

it.each(['f32', 'f64'] as const)('a chunk is smaller where its panels would take too much, %s', (type) => {
  const chunkOf = (...sizes: number[]): number => layOut(tanhSpec(sizes, type)).chunk
  const lanes = type === 'f64' ? 4 : 8
  // at most 256·3·Σ(size + lanes) numbers, the sizes being this one and 1
  const widest = PANELS_BYTES / CHUNK / (3 * (PANEL / lanes)) - 2 * lanes - 1
  expect(chunkOf(Math.floor(widest), 1)).toBe(CHUNK)
  expect(chunkOf(Math.ceil(widest) + 1, 1)).toBe(CHUNK - lanes)
  expect(chunkOf(4_000_000, 1)).toBe(lanes)
})

it('a network that does not fit is refused with the bytes that it needs', () => {
  const spec = tanhSpec([40_000, 40_000], 'f64')
  let thrown: unknown
  try {
    layOut(spec)
  } catch (error) {
    thrown = error
  }
  // six regions of 40,000·40,001 parameters, and less than 1/100 of that for all else
  const regions = 6 * 40_000 * 40_001 * 8
  expect(bytesNeeded(thrown)).toBeGreaterThan(regions)
  expect(bytesNeeded(thrown)).toBeLessThan(1.01 * regions)
})

it('a network that fits only just is not refused', () => {
  const fits = (units: number): boolean => {
    try {
      return layOut(tanhSpec([20_000, units], 'f32')).pages <= PAGE
    } catch {
      return false
    }
  }
  let [low, high] = [1, 20_000]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle
  }
  const layout = layOut(tanhSpec([20_000, low], 'f32'))
  expectSound(tanhSpec([20_000, low], 'f32'), layout)
  // one unit more would need 5·20,001 numbers more, which is seven pages
  expect(layout.pages).toBeGreaterThan(PAGE - 8)
})
