/** The option `--engine`, which all commands have that make or read a model. */
import { Option } from 'commander'
import { baseline } from '../../engine/baseline/index.js'
import type { ReadOptions } from '../../index.js'
import { oneOf } from '../arguments.js'

export type EngineOptions = Pick<ReadOptions, 'engine'>

/** What the library takes, by its name. */
const engineOf = { wasm: 'wasm', baseline } as const

/** @param unless what is taken unless it is given */
export function engineOption(unless: string): Option {
  return new Option(
    '--engine <name>',
    `wasm, or baseline: plain JavaScript, with bits of its own, where WebAssembly has no SIMD; ${unless} unless given`,
  ).argParser((value: string) => engineOf[oneOf('--engine', ['wasm', 'baseline'])(value)])
}
