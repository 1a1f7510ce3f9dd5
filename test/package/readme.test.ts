import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { blocksOf } from '../../scripts/blocks.js'
import { outputOf } from '../../scripts/pages.js'

/** Runs a program beside the package, which it imports by its name. */
function run(code: string, name: string): string {
  const file = `.readme-${name}.mjs`
  writeFileSync(file, code)
  try {
    return outputOf(process.execPath, [file], '.')
  } finally {
    rmSync(file)
    // That programs leave.
    for (const left of ['xor.checkpoint', 'xor.safetensors', 'prices.json']) rmSync(left, { force: true })
  }
}

const documented = [
  'src/network/network.ts',
  'src/engine/wasm/core.ts',
  'src/engine/wasm/prediction-core.ts',
  'src/inference/predictor.ts',
  'src/metrics/classification.ts',
  'src/metrics/regression.ts',
  'src/metrics/top-k.ts',
  'src/data/csv.ts',
  'src/data/idx.ts',
  'src/model/model.ts',
  'src/node/load.ts',
  'src/interop/brain/read.ts',
  'src/interop/brain/write.ts',
  'src/interop/convnetjs.ts',
  'src/interop/fann.ts',
  'src/interop/synaptic.ts',
  'src/node/save.ts',
  'src/selection/split.ts',
  'src/selection/cross-validation.ts',
  'src/selection/search.ts',
  'src/interop/tfjs/read.ts',
  'src/interop/tfjs/write.ts',
].flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/@example\n((?: *\* .*\n)+)/g)].map(([, text]) =>
    text.replace(/^ *\* /gm, ''),
  ),
)

describe('docstrings', () => {
  it('have examples', () => expect(documented.length).toBeGreaterThan(8))

  it.each(documented.map((code, i) => ({ code, i })))('example $i runs', ({ code, i }) => {
    expect(() => run(code, `doc-${i}`)).not.toThrow()
  })
})

describe('README', () => {
  const [first] = blocksOf(readFileSync('README.md', 'utf8')).filter(({ role }) => role === 'program')

  it('begins with a program of ten lines at most, which learns XOR and prints what its comment says', () => {
    expect(first.code.trimEnd().split('\n').length).toBeLessThanOrEqual(10)
    const printed = run(first.code, 'xor')
    expect(printed).toContain('Network(2 → 8 tanh → 1 tanh; 33 parameters, f32, halfSquared)')
    const numbers = printed.slice(printed.indexOf('[')).match(/-?\d\.\d+(e-\d+)?/g) ?? []
    expect(numbers.map((text) => Math.round(Number(text)) + 0)).toEqual([0, 1, 1, 0])
  })
})
