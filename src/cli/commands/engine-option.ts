/** The option `--engine`, which all commands have that compute. */
import { Option } from 'commander'
import { oneOf } from '../arguments.js'

export interface EngineOptions {
  readonly engine?: 'wasm' | 'baseline' | undefined
}

/** @param unless what is taken unless it is given */
export function engineOption(unless: string): Option {
  return new Option(
    '--engine <name>',
    `wasm, or baseline: plain JavaScript, with bits of its own, where WebAssembly has no SIMD; ${unless} unless given`,
  ).argParser(oneOf('--engine', ['wasm', 'baseline']))
}
