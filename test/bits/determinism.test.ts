import { describe, expect, it } from 'vitest'
import { Random } from '../../src/base/random.js'
import { expectClose } from '../support/expect-close.js'
import { goldenCases, inBothPrecisions, parametersOf, trainGolden } from '../support/golden.js'
import { committed, outcomes } from '../support/outcomes.js'
import { randomRows } from '../support/random-rows.js'

const cases = inBothPrecisions(goldenCases)

describe('determinism', () => {
  it.each(['golden.json', 'golden-baseline.json', 'predictions.json', 'converted.json'] as const)(
    'what networks are after 100 steps, what they predict, and what is made of those of others, is what is committed: %s',
    async (file) => {
      const found = await outcomes[file]()
      expect(found, '`npm run golden` says what has changed; see test/fixtures/README.md').toEqual(
        committed(file),
      )
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
    expect(drawn.map(String).join(' ')).toMatchInlineSnapshot(
      `"2481727335 2 0.8051302297763929 2.1442276732811876 0.19544278330445977"`,
    )
  })
})
