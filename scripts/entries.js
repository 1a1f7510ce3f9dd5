import { readFileSync } from 'node:fs'

/**
 * An entry of the package, as listed in the exports of package.json, which is the only list of them.
 *
 * @typedef {object} Entry
 * @property {string} name of its file in dist/, such as model
 * @property {string} specifier as it is imported, such as deltaprop/model
 * @property {string} source such as src/model/index.ts
 * @property {string} declarations such as dist/model/index.d.ts
 * @property {string} bundle such as dist/model.js
 */

/** @type {unknown} */
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const { exports } = /** @type {{ exports: Record<string, string | { types: string, default: string }> }} */ (
  manifest
)

/** The entries that are JavaScript, the main one first. @type {readonly Entry[]} */
export const entries = Object.entries(exports).flatMap(([key, target]) => {
  if (typeof target === 'string') return []
  const path = (/** @type {string} */ file) => file.replace(/^\.\//, '')
  const declarations = path(target.types)
  return [
    {
      name: key === '.' ? 'index' : key.slice(2),
      specifier: key.replace('.', 'deltaprop'),
      source: declarations.replace(/^dist\//, 'src/').replace(/\.d\.ts$/, '.ts'),
      declarations,
      bundle: path(target.default),
    },
  ]
})

/**
 * Modules that are files of dist/ of their own, which entries import, and nobody else.
 *
 * @type {readonly Pick<Entry, 'name' | 'source'>[]}
 */
export const parts = [{ name: 'inflate', source: 'src/interop/zip/inflate.ts' }]
