/** The models of test/fixtures/interop/tfjs. */
import { readdirSync, readFileSync } from 'node:fs'
import type { WeightFiles } from '../../src/interop/index.js'

const folder = 'test/fixtures/interop/tfjs'

/** What JSON.parse makes of a file, without its ending. */
export function tfjsFile(name: string): object {
  return JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as object
}

/** All files of weights: a model takes its own. */
export const tfjsWeights: WeightFiles = Object.fromEntries(
  readdirSync(folder)
    .filter((file) => file.endsWith('.bin'))
    .map((file) => [file, new Uint8Array(readFileSync(`${folder}/${file}`))]),
)
