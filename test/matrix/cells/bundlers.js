// @ts-check
/** Bundlers as they are set up when nothing is said of the package, each bundle run. */
import { esbuild } from '../bundlers/esbuild.js'
import { next } from '../bundlers/next.js'
import { rollup } from '../bundlers/rollup.js'
import { vite } from '../bundlers/vite.js'
import { webpack } from '../bundlers/webpack.js'
import { openChromium } from '../chromium.js'
import { Missing } from '../kit.js'
import { versions } from '../versions.js'

/** @typedef {import('../report.js').Cell} Cell */

/**
 * @param {import('../kit.js').Kit} kit
 * @returns {AsyncGenerator<Cell>}
 */
export async function* cells(kit) {
  const chromium = await orMissing(openChromium())
  /** @param {string} url @returns {Promise<Cell['outcome']>} */
  const visit = async (url) =>
    chromium instanceof Missing ? { missing: chromium.message } : chromium.report(url)
  try {
    for (const { name, packages, files, cells } of [vite, webpack, rollup, esbuild, next]) {
      const folder = await orMissing(kit.project(packages[0], { packages, files }))
      for (const { how, threads, make } of cells) {
        const made =
          folder instanceof Missing ? { outcome: { missing: folder.message } } : await make(folder, visit)
        yield { name, version: versions[packages[0]], how, threads, ...made }
      }
    }
  } finally {
    if (!(chromium instanceof Missing)) await chromium.close()
  }
}

/** @template T @param {Promise<T>} promise @returns {Promise<T | Missing>} */
async function orMissing(promise) {
  try {
    return await promise
  } catch (error) {
    if (error instanceof Missing) return error
    throw error
  }
}
