/**
 * What came out of the sources as they were once is committed, in files of test/fixtures; here is what comes out of them now.
 * scripts/golden.js compares the two, and writes the files.
 */
import { readFileSync } from 'node:fs'
import { foreignModels } from './foreign-files.js'
import { readForeign } from './foreign-models.js'
import { goldenCases, hashOf, hashOfPredictions, inBothPrecisions, trainGolden } from './golden.js'

/** Values by their names, in as many levels as there are. */
export type Outcome = Readonly<Record<string, unknown>>

/** By the name of the file. */
export const outcomes = {
  'golden.json': () => hashes('wasm'),
  'golden-baseline.json': () => hashes('baseline'),
  'predictions.json': async () => {
    return { wasm: await hashOfPredictions('wasm'), baseline: await hashOfPredictions('baseline') }
  },
  'converted.json': conversions,
  'core.json': () => Promise.resolve(cores()),
} satisfies Record<string, () => Promise<Outcome>>

export function committed(file: keyof typeof outcomes): Outcome {
  return JSON.parse(readFileSync(`test/fixtures/${file}`, 'utf8')) as Outcome
}

/** Of the weights after 100 steps. */
async function hashes(engine: 'wasm' | 'baseline'): Promise<Outcome> {
  const found: Record<string, string> = {}
  for (const { given, name, precision } of inBothPrecisions(goldenCases)) {
    found[`${name}, ${precision}`] = await hashOf(await trainGolden(given, precision, engine))
  }
  return found
}

/** Of what is made of models of other tools, and of what that answers. */
async function conversions(): Promise<Outcome> {
  const found: Record<string, Outcome> = {}
  for (const model of foreignModels) found[model.name] = await readForeign(model, ['wasm', 'baseline'])
  return found
}

/** Sizes and exports of the cores that ship. */
function cores(): Outcome {
  const found: Record<string, Outcome> = {}
  for (const name of ['core.dist', 'inference']) {
    const bytes = readFileSync(`build/${name}.wasm`)
    const exports = WebAssembly.Module.exports(new WebAssembly.Module(bytes)).map(({ name }) => name)
    found[name] = { bytes: bytes.length, exports: exports.sort() }
  }
  return found
}
