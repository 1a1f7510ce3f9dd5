// @ts-check
/**
 * Measurements in processes of their own: what V8 has learnt from one network, its kinds of arrays above all, does not make the
 * next one slower.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * Calls a function that a module exports in a new process.
 *
 * @template Options, Result
 * @param {string} url of the module
 * @param {(options: Options) => Promise<Result>} exported a function of that module, under its own name
 * @param {Options} options that JSON can hold, as the result
 * @returns {Promise<Result>}
 */
export function isolated(url, exported, options) {
  const args = [url, exported.name, JSON.stringify(options), ...process.argv.slice(2)]
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), args)
    child.on('message', (result) => {
      resolve(/** @type {Result} */ (result))
    })
    child.on('error', reject)
    child.on('exit', (code) => {
      reject(new Error(`${exported.name}: exit code ${code} for ${JSON.stringify(options)}`))
    })
  })
}

/**
 * Whether this module is what Node was asked to run.
 * @param {string} url of the module
 */
export function isMain(url) {
  return process.argv[1] === fileURLToPath(url)
}

async function answer() {
  const [url, name, options] = process.argv.slice(2)
  /** @type {unknown} */
  const module = await import(url)
  const exported = /** @type {Record<string, (options: unknown) => Promise<unknown>>} */ (module)[name]
  const result = await exported(JSON.parse(options))
  process.send?.(result, () => process.exit())
}

if (isMain(import.meta.url)) void answer()
