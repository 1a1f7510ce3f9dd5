import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { judge } from '../matrix/judge.js'
import type { Cell, Report } from '../matrix/report.js'
import { check } from '../matrix/suite.js'
import { document, line } from '../matrix/table.js'
import { foreignModels } from '../support/foreign-files.js'
import { readForeign } from '../support/foreign-models.js'

const read = (file: string): unknown => JSON.parse(readFileSync(`test/fixtures/${file}`, 'utf8'))
const expected = {
  weights: read('golden.json') as Record<string, string>,
  baseline: read('golden-baseline.json') as Record<string, string>,
  predictions: read('predictions.json') as { wasm: string; baseline: string },
  models: read('converted.json') as Record<string, Record<string, string>>,
}
const when = { machine: 'a machine', date: '2000-01-01' }
const [network] = Object.keys(expected.weights)

describe('the matrix', () => {
  let report: Report
  const cell = (changes: Partial<Report> = {}, threads: Cell['threads'] = 'shared'): Cell => {
    return {
      name: 'Here',
      version: '1',
      how: 'import',
      threads,
      outcome: { report: { ...report, ...changes } },
    }
  }

  beforeAll(async () => {
    report = await check()
  })

  it('finds nothing wrong here', () => {
    expect(judge(cell(), expected)).toEqual([])
  })

  it('finds a check that failed, another engine, an import that did not work', () => {
    expect(judge(cell({ failures: ['train: no'] }), expected)).toEqual(['train: no'])
    expect(judge(cell({ engine: 'baseline' }), expected)).toEqual(['engine: expected wasm, got baseline'])
    expect(judge(cell({ engine: undefined }), expected)).toEqual(['engine: expected wasm, got undefined'])
    expect(judge(cell({ relaxed: undefined }), expected)).toEqual(['relaxed arithmetic: not probed'])
  })

  it('finds other bits, and bits that are not there', () => {
    const others = { ...report.weights, [network]: '0' }
    const wanted = `${network}: expected ${expected.weights[network]}, got 0`
    expect(judge(cell({ weights: others }), expected)).toEqual([`weights, ${wanted}`])
    expect(judge(cell({ weights: {} }), expected)).toHaveLength(8)
    expect(judge(cell({ predictions: undefined }), expected)).toHaveLength(1)
    const threads: Report['threads'] = { ...report.threads, 2: { ...report.threads[2], weights: others } }
    expect(judge(cell({ threads }), expected)).toEqual([`threads: 2, ${wanted}`])
    expect(judge(cell({ threads: { 1: threads[1], 2: report.threads[2] } }), expected)).toEqual([
      'threads: 3: not run',
    ])
  })

  it('finds models of other tools that become other bytes, or have not been read', () => {
    const [[name, hashes], ...others] = Object.entries(report.models)
    const models = { ...Object.fromEntries(others), [name]: { ...hashes, bytes: '0' } }
    expect(judge(cell({ models }), expected)).toEqual([
      `models, ${name}, bytes: expected ${hashes.bytes}, got 0`,
    ])
    expect(judge(cell({ models: {} }), expected)).toHaveLength(3 * foreignModels.length)
  })

  it('finds models that answer otherwise than the tool, or call classes by other names', async () => {
    const read = (changes: Partial<(typeof foreignModels)[0]>, i = 0): Promise<unknown> =>
      readForeign({ ...foreignModels[i], ...changes }, ['wasm'])
    const plus = (values: readonly number[], at: number, more: number): number[] =>
      values.map((value, i) => (i === at ? value + more : value))
    const { classes = [], y } = foreignModels[0]
    await expect(read({ classes: [...classes].reverse() })).rejects.toThrow(
      'row 0: expected ["virginica","of","virginica","versicolor","setosa"], got ["setosa","of","setosa","versicolor","virginica"]',
    )
    await expect(read({ y: plus(y, 1, 2e-6) })).rejects.toThrow('answer 1: expected 0.035246')
    const network = foreignModels.findIndex(({ kind }) => kind === 'tfjs')
    const answers = foreignModels[network].y
    await expect(read({ y: plus(answers, 4, 2e-6) }, network)).rejects.toThrow('answer 4: expected 0.36056')
    await expect(read({ y: answers.slice(0, -1) }, network)).rejects.toThrow('expected 14 answers, got 15')
    const [[file, bytes]] = Object.entries(foreignModels[network].beside)
    const beside = { [file]: plus(bytes, 3, 1) }
    await expect(read({ beside }, network)).rejects.toThrow('answer 0: expected 0.081019')
  })

  it('finds workers that have not been there, or have been and should not', () => {
    expect(judge(cell({}, 'one'), expected)).toEqual([
      'threads: 2: expected 8 workers for 8 networks, got 16',
      'threads: 3: expected 8 workers for 8 networks, got 24',
      'warnings: expected ["; one worker trains"], got []',
    ])
    expect(judge(cell({}, 'none'), expected)).toHaveLength(4)
  })

  it('finds a warning that is missing, and one that should not be', () => {
    const threads = Object.fromEntries(
      [1, 2, 3].map((count) => [count, { ...report.threads[count], workers: 0 }]),
    )
    const warnings = ['deltaprop: fit: threads: no workers; this thread trains']
    expect(judge(cell({ threads, warnings }, 'none'), expected)).toEqual([])
    expect(judge(cell({ threads }, 'none'), expected)).toEqual([
      'warnings: expected ["; this thread trains"], got []',
    ])
    expect(judge(cell({ warnings }), expected)).toEqual([`warnings: expected [], got ["${warnings[0]}"]`])
  })

  it('finds what has other bits, or is not refused, where there is no core', async () => {
    const outcome = { report: await check('baseline') }
    const lack = 'a runtime without SIMD (none)'
    const there = (changes: Partial<Report>): string[] =>
      judge({ ...cell({}, 'none'), lack, outcome: { report: { ...outcome.report, ...changes } } }, expected)
    const refused = `expected …, got ${lack}; engine: baseline, of deltaprop/baseline, computes`
    expect(there({ refused })).toEqual([])
    // Here the core is there.
    expect(there({})).toEqual(Array(3).fill(`refused: expected ${lack}, and what computes, got nothing`))
    const baseline = { ...outcome.report.baseline, [network]: '0' }
    expect(there({ refused, baseline })).toEqual([
      `weights of the baseline, ${network}: expected ${expected.baseline[network]}, got 0`,
    ])
    expect(there({ refused, engine: 'wasm' })).toEqual(['engine: expected baseline, got wasm'])
    expect(judge(cell({ baseline: {} }), expected)).toHaveLength(8)
  })

  it('counts what is missing as neither', () => {
    const missing: Cell = { ...cell(), name: 'There', outcome: { missing: 'no such package' } }
    const failed: Cell = { ...cell(), name: 'Where', outcome: { failed: 'it ended' } }
    expect(() => judge(missing, expected)).toThrow('expected a cell that has run')
    expect(judge(failed, expected)).toEqual(['it ended'])
    const results = [
      { cell: cell(), problems: [] },
      { cell: missing, problems: undefined },
      { cell: failed, problems: ['it ended'] },
      { cell: cell(), problems: [`weights, ${network}: expected 1, got 0`] },
    ]
    expect(results.map(line)).toEqual([
      '✓ Here 1, import',
      '· There 1, import\n    not here: no such package',
      '✗ Where 1, import\n    it ended',
      `✗ Here 1, import\n    weights, ${network}: expected 1, got 0`,
    ])
    const text = document(results, expected, when)
    expect(text).toContain('**1 passed, 2 failed**, 1 could not be had on this machine')
    expect(text).toContain('| Here | 1 | import | ✓ | ✓ | shared |')
    expect(text).toContain('| There | 1 | import | not here |')
    expect(text).toContain('| Where | 1 | import | **failed** |')
    expect(text).toContain('| Here | 1 | import | ✓ | **✗** | shared |')
    expect(text).toContain('no such package')
  })
})
