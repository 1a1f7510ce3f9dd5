/** Options that several commands share. */
import { Option } from 'commander'
import { baseline } from '../../engine/baseline/index.js'
import type { ReadOptions } from '../../index.js'
import { delimiter, encoding, oneOf, texts, thousands } from '../arguments.js'
import { dataFormats } from '../../scoring/rows.js'

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

/** Options for reading any data file. */
export function fileOptions(): Option[] {
  return [
    new Option(
      '--delimiter <character>',
      'between fields: a comma, semicolon, tab or bar, as the file has it, unless given',
    ).argParser(delimiter),
    new Option('--decimal <character>', '. or , in numbers; as the file has it, unless given').argParser(
      oneOf('--decimal', ['.', ',']),
    ),
    new Option(
      '--thousands <character>',
      "between groups of three digits: . , ' or space; as the file has it, unless given",
    ).argParser(thousands),
    new Option(
      '--missing-values <texts>',
      'what stands for a missing value, with commas between; empty, NA, NULL, nan and the like unless given',
    ).argParser(texts('--missing-values')),
    new Option(
      '--encoding <name>',
      'such as latin1; UTF-8, or what the first bytes say, unless given',
    ).argParser(encoding),
    new Option(
      '--format <name>',
      'csv or jsonl; by the name of the file or its first byte unless given; packed by gzip, too',
    ).argParser(oneOf('--format', dataFormats)),
  ]
}
