/** The option `--engine`, shared by all commands that create or read a model. */
import { Option } from 'commander'
import { baseline } from '../../engine/baseline/index.js'
import type { ReadOptions } from '../../index.js'
import { oneOf } from '../arguments.js'

export type EngineOptions = Pick<ReadOptions, 'engine'>

/** The library's engine for each name. */
const engineOf = { wasm: 'wasm', baseline } as const

/** @param unless the default, as the help describes it */
export function engineOption(unless: string): Option {
  return new Option(
    '--engine <name>',
    `wasm, or baseline: plain JavaScript, with bits of its own, where WebAssembly has no SIMD; ${unless} unless given`,
  ).argParser((value: string) => engineOf[oneOf('--engine', ['wasm', 'baseline'])(value)])
}
