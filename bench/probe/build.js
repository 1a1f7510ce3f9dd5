// @ts-check
// Compiles the probe to build/probe.core.wasm and build/probe.relaxed.wasm as asconfig.json has the core compiled, but for its
// memory: the probe has none.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** @typedef {Record<string, string | number | boolean | string[]>} Options */

const NAMES = ['runtime', 'enable', 'optimizeLevel', 'shrinkLevel', 'converge', 'noAssert']

/** @type {unknown} */
const config = JSON.parse(readFileSync('asconfig.json', 'utf8'))
const { options, targets } =
  /** @type {{ options: Options, targets: Record<'core' | 'relaxed', Options> }} */ (config)

for (const target of /** @type {const} */ (['core', 'relaxed'])) {
  const given = { ...options, ...targets[target] }
  const flags = NAMES.flatMap((name) =>
    given[name] === true ? [`--${name}`] : [`--${name}`, String(given[name])],
  )
  const asc = ['node_modules/assemblyscript/bin/asc.js', 'bench/probe/assembly/index.ts', '--config', 'none']
  execFileSync(process.execPath, [...asc, ...flags, '--outFile', `build/probe.${target}.wasm`], {
    stdio: 'inherit',
  })
}
