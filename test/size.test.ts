/** How much there is to load: what `npm run size` prints, against what is committed here. */
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { entrySizes } from '../bench/size.js'

/** Bytes, minified and gzipped; `code` is without the WebAssembly. An entry that grows past these needs a reason, and a new number. */
const limits: Record<string, { whole: number; code: number }> = {
  deltaprop: { whole: 56_900, code: 37_000 },
  'deltaprop/data': { whole: 7_500, code: 7_500 },
  'deltaprop/inference': { whole: 15_100, code: 6_500 },
  'deltaprop/model': { whole: 6_950, code: 6_950 },
  'deltaprop/node': { whole: 2_000, code: 2_000 },
  'deltaprop/selection': { whole: 15_600, code: 15_600 },
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

it('entries that have a core are measured with it, and without all of it', async () => {
  const [main, , inference] = await entrySizes()
  expect(main.gzip - main.withoutCore).toBeGreaterThan(15_000)
  expect(main.withoutCore).toBeGreaterThan(15_000)
  expect(inference.gzip - inference.withoutCore).toBeGreaterThan(5_000)
  expect(inference.withoutCore).toBeGreaterThan(4_000)
})

it('a bundle that uses one function has no network in it', async () => {
  const contents = "import { adam } from './dist/index.js'; console.log(adam())"
  const stdin = { contents, resolveDir: '.' }
  const { outputFiles } = await build({ stdin, bundle: true, minify: true, format: 'esm', write: false })
  expect(outputFiles[0].text.length).toBeLessThan(10_000)
})
