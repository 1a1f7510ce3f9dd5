import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { entries } from '../scripts/entries.js'

const readme = readFileSync('README.md', 'utf8')
const blocks = [...readme.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language, code]) => ({
  language,
  code,
}))
const programs = blocks.filter(({ language }) => language === 'js').map(({ code }) => code)

/**
 * What a process prints, which is started once more if it does not end: V8 of Node 20 may wait for itself at the end, its compiler in the
 * background for a collection, and the main thread for the compiler.
 */
function ended(start: () => string): string {
  try {
    return start()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ETIMEDOUT')) throw error
    return start()
  }
}

/** Runs a program beside the package, which it imports by its name. */
function run(code: string, name: string): string {
  const file = `.readme-${name}.mjs`
  writeFileSync(file, code)
  try {
    return ended(() => execFileSync(process.execPath, [file], { encoding: 'utf8', timeout: 20_000 }))
  } finally {
    rmSync(file)
    // That programs leave.
    for (const left of ['xor.checkpoint', 'xor.safetensors', 'prices.json']) rmSync(left, { force: true })
  }
}

const documented = [
  'src/network.ts',
  'src/engine/core.ts',
  'src/engine/prediction-core.ts',
  'src/inference/predictor.ts',
  'src/metrics/classification.ts',
  'src/metrics/regression.ts',
  'src/metrics/top-k.ts',
  'src/data/csv.ts',
  'src/data/idx.ts',
  'src/model/model.ts',
  'src/node/load.ts',
  'src/node/save.ts',
  'src/selection/split.ts',
  'src/selection/cross-validation.ts',
  'src/selection/search.ts',
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
  it.each(programs.map((code, i) => ({ code, i })))('program $i runs', ({ code, i }) => {
    expect(() => run(code, `${i}`)).not.toThrow()
  })

  it('the first one learns XOR, and prints what the comments say', () => {
    const printed = run(programs[0], 'xor')
    expect(printed).toContain('Network(2 → 8 tanh → 1 tanh; 33 parameters, f32, halfSquared)')
    const numbers = printed.slice(printed.indexOf('[')).match(/-?\d\.\d+(e-\d+)?/g) ?? []
    expect(numbers.map((text) => Math.round(Number(text)) + 0)).toEqual([0, 1, 1, 0])
  })

  it('the printed trace is the one shown', () => {
    const shown = blocks.find(({ language, code }) => language === 'text' && code.startsWith('Forward'))
    expect(run(programs[1], 'trace')).toBe(shown?.code)
  })

  it('names every export, and the commands it tells of are scripts', async () => {
    const words = new Set(readme.match(/\w+/g))
    for (const { specifier, source } of entries) {
      expect(readme).toContain(`\`${specifier}\``)
      const exported = Object.keys((await import(resolve(source))) as object)
      for (const name of exported) expect(words, `${specifier}: ${name}`).toContain(name)
    }
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>
    }
    for (const [, script] of readme.matchAll(/npm run ([\w:]+)/g))
      expect(Object.keys(scripts)).toContain(script)
  })

  it('the command line prints what is shown, but for times', () => {
    const folder = mkdtempSync(join(tmpdir(), 'deltaprop-readme-'))
    symlinkSync(resolve('examples'), join(folder, 'examples'))
    const flowers = blocks.find(({ code }) => code.startsWith('sepal_length,'))
    writeFileSync(join(folder, 'flowers.csv'), flowers?.code ?? '')
    const withoutTimes = (text: string): string => text.replace(/in [\d.,]+ m?s\b/g, 'in …')
    const commands = [...blocks.entries()].filter(([, { code }]) => code.startsWith('npx deltaprop'))
    expect(commands).toHaveLength(2)
    try {
      for (const [i, { code }] of commands) {
        const args = code.trim().split(' ').slice(2)
        const printed = ended(() =>
          execFileSync(process.execPath, [resolve('dist/cli.js'), ...args], {
            cwd: folder,
            encoding: 'utf8',
            timeout: 20_000,
          }),
        )
        expect(withoutTimes(printed)).toBe(withoutTimes(blocks[i + 1].code))
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('has no place left to be filled in', () => {
    expect(readme).not.toMatch(/^[A-Z]{4,}$/m)
  })

  it('the lists of names are complete', async () => {
    const { activationNames } = await import('../src/activations.js')
    const { lossNames } = await import('../src/losses.js')
    const { optimizerNames } = await import('../src/optimizers.js')
    const { scheduleNames } = await import('../src/schedules.js')
    const { initializerNames } = await import('../src/initializers.js')
    for (const names of [activationNames, optimizerNames, initializerNames, scheduleNames])
      expect(readme).toContain(names.join(' '))
    for (const name of lossNames) expect(readme).toContain(`\`${name}\``)
  })
})
