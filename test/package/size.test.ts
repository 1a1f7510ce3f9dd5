/** How much there is to load: what `npm run size` prints, against what is committed here. */
import { readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { appSize, entrySizes } from '../../scripts/sizes.js'
import { isStated, statedSizes } from '../../scripts/sizes-on-pages.js'

/** Bytes, minified and gzipped; `code` is without the WebAssembly. An entry that grows past these needs a reason, and a new number. */
const limits: Record<string, { whole: number; code: number }> = {
  deltaprop: { whole: 77_900, code: 58_100 },
  'deltaprop/baseline': { whole: 10_400, code: 10_400 },
  'deltaprop/data': { whole: 18_400, code: 18_400 },
  'deltaprop/inference': { whole: 19_700, code: 11_300 },
  'deltaprop/interop': { whole: 57_100, code: 57_100 },
  'deltaprop/model': { whole: 13_400, code: 13_400 },
  'deltaprop/node': { whole: 4_100, code: 4_100 },
  'deltaprop/relaxed': { whole: 3_800, code: 400 },
  'deltaprop/scoring': { whole: 21_600, code: 21_600 },
  'deltaprop/selection': { whole: 29_900, code: 29_900 },
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

it('README and the page about where it runs say what entries and the smallest application weigh', async () => {
  const pages = ['README.md', 'docs/deploy.md', 'docs/interop.md']
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')
  for (const { what, where, bytes } of await statedSizes()) {
    const said = where.exec(pages)?.[2]
    expect(said, `${what}: said on no page`).toBeDefined()
    const message = `${what}: the page says ${said} KB, it is ${(bytes / 1000).toFixed(1)}: npm run pages`
    expect(isStated(said, bytes), message).toBe(true)
  }
})

it('the smallest application that trains is no larger than is committed, and no part is nothing', async () => {
  const { gzip, parts } = await appSize()
  expect(gzip).toBeLessThanOrEqual(65_900)
  expect(parts).toHaveLength(10)
  for (const part of parts) expect(part.gzip, part.purpose).toBeGreaterThan(500)
})

it('entries that have a core are measured with it, and without all of it', async () => {
  const sizes = await entrySizes()
  const [main, inference] = ['deltaprop', 'deltaprop/inference'].map(
    (name) => sizes.find(({ entry }) => entry === name) ?? sizes[0],
  )
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
