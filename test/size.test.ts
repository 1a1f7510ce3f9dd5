/** How much there is to load: what `npm run size` prints, against what is committed here. */
import { expect, it } from 'vitest'
import { entrySizes } from '../bench/size.js'

/** Bytes, minified and gzipped; `code` is without the WebAssembly. An entry that grows past these needs a reason, and a new number. */
const limits: Record<string, { whole: number; code: number }> = {
  deltaprop: { whole: 55_840, code: 35_840 },
  'deltaprop/data': { whole: 7_500, code: 7_500 },
  'deltaprop/model': { whole: 6_900, code: 6_900 },
  'deltaprop/selection': { whole: 15_500, code: 15_500 },
}

it('no entry is larger than is committed', async () => {
  const sizes = await entrySizes()
  expect(sizes.map(({ entry }) => entry)).toEqual(Object.keys(limits))
  for (const { entry, gzip, withoutCore } of sizes) {
    const { whole, code } = limits[entry]
    expect(gzip, entry).toBeLessThanOrEqual(whole)
    expect(withoutCore, `${entry} without the core`).toBeLessThanOrEqual(code)
  }
})

it('the main entry is measured with the core, and without all of it', async () => {
  const [main] = await entrySizes()
  expect(main.gzip - main.withoutCore).toBeGreaterThan(15_000)
  expect(main.withoutCore).toBeGreaterThan(15_000)
})
