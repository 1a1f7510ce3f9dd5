import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Random } from '../src/random.js'
import { expectClose } from './support/expect-close.js'
import { goldenCases, hashOf, parametersOf, trainGolden } from './support/golden.js'
import { randomRows } from './support/random-rows.js'

const golden = JSON.parse(readFileSync('test/fixtures/golden.json', 'utf8')) as Record<string, string>
const cases = goldenCases.flatMap((given) =>
  (['f32', 'f64'] as const).map((precision) => ({ given, name: given.name, precision })),
)

describe('determinism', () => {
  it.each(cases)(
    '$name, $precision: the weights after 100 steps are the committed ones',
    async ({ given, precision }) => {
      const hash = await hashOf(await trainGolden(given, precision))
      expect(hash).toBe(golden[`${given.name}, ${precision}`])
    },
  )

  it.each(cases)('$name, $precision: both engines agree to rounding', async ({ given, precision }) => {
    const [wasm, baseline] = [
      await trainGolden(given, precision),
      await trainGolden(given, precision, 'baseline'),
    ]
    const bound = { relative: precision === 'f64' ? 1e-11 : 2e-3 }
    expectClose(parametersOf(wasm), parametersOf(baseline), bound)
    const x = randomRows(50, wasm.inputs, 9)
    expectClose(wasm.predict(x), baseline.predict(x), bound)
  })

  it('random numbers are the committed ones', () => {
    const random = new Random(1, 'test')
    const drawn = [random.bits(), random.below(10), random.uniform(), random.normal(), random.normal()]
    expect(drawn.map(String).join(' ')).toBe(golden.random)
  })
})
