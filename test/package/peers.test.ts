/** The comparison with other libraries: which parts of it run, where its results are, and what pages say of them. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findNode } from '../../bench/peers/node.js'
import { fileNameOf } from '../../bench/peers/report.js'
import { groups, quickGroups, select, titleOf } from '../../bench/peers/workloads.js'
import { pagePaths } from '../../scripts/pages.js'
import { peerResults, peerResultsOf, withPeers } from '../../scripts/peers-on-pages.js'

const machine = {
  date: '2026-01-02T03:04Z',
  runtime: 'Node',
  version: '20.1.0',
  platform: 'linux x64',
  cpu: 'Intel(R) Xeon(R)',
  cores: 2,
}

describe('a part of the comparison', () => {
  const namesOf = (chosen: typeof groups): string[][] =>
    chosen.map(({ name, workloads }) => [name, ...workloads.map((workload) => workload.name)])

  it('is everything unless something is named', () => expect(select(groups, [])).toBe(groups))

  it('is whole groups and single workloads, in the order of all, without groups that have nothing', () => {
    const calls = groups[0].workloads.map(({ name }) => name)
    expect(namesOf(select(groups, ['xor', 'calls']))).toEqual([
      ['calls', ...calls],
      ['training', 'xor'],
    ])
    expect(namesOf(select(groups, ['mnist']))).toEqual([
      ['training', 'mnist'],
      ['inference', 'mnist'],
    ])
  })

  it('is refused by a name that is none', () =>
    expect(() => select(groups, ['calls', 'xro'])).toThrow(/^--only: expected names of calls, .*, got xro$/))

  it('is something of every group in a quick run', () =>
    expect(quickGroups.map(({ workloads }) => workloads.length)).not.toContain(0))

  it('begins with single calls, those of a network in one table', () => {
    expect(groups[0].name).toBe('calls')
    expect(new Set(groups[0].workloads.map(titleOf))).toEqual(
      new Set(['2-8-1 sigmoid, one sample a call', '2-3-2-2 sigmoid, one sample a call']),
    )
  })
})

describe('results of the comparison', () => {
  it('are in peers.json if Node 20 has run it, else in a file of the version', () => {
    expect(fileNameOf(machine)).toBe('peers')
    expect(fileNameOf({ ...machine, version: '24.0.1' })).toBe('peers-node-24')
  })

  it('are of the Node in use, or of a binary', () => {
    expect(findNode()).toEqual({ path: process.execPath, version: process.versions.node })
    expect(findNode(process.execPath)).toEqual(findNode())
  })
})

describe('tables of other libraries on pages', () => {
  const row = (workload: string, library: string, rate: number, ratio: number | null): object => {
    return { workload, library, formulation: 'exact', rate: { median: rate, spread: 1 }, ratio, notes: [] }
  }
  const results = peerResultsOf({
    ...machine,
    rows: [row('xor', 'synaptic', 4e6, 0.5), row('xor', '@jax-js/jax', 8e6, 0.25)],
    calls: [row('xor-train', 'plain JavaScript', 1e7, 0.8), row('xor-train', 'brain.js', 5e6, 1.6)],
    deltaprop: {
      rows: [row('xor', 'deltaprop', 2e6, 1)],
      calls: [row('xor-train', 'deltaprop', 8e6, 1)],
    },
  })

  it('have the rows of the page and the numbers of the results', () => {
    const page = `Node 18, a machine; all of it in a file.

| one sample a call | deltaprop | plain JavaScript | ratio | fastest library | ratio |
| --- | --- | --- | --- | --- | --- |
| 2-8-1 sigmoid, train, plain arrays |
| 2-8-1 sigmoid, predict into an array | 1 ns |

| network, batch | deltaprop | fastest of the others | deltaprop / it |
| --- | --- | --- | --- |
| 2-8-1 sigmoid, 4 | 1 | 2 | 3 |
`
    expect(withPeers(page, results)).toBe(`Node 20.1.0, Intel Xeon, 2 cores, 2026-01-02; all of it in a file.

| one sample a call                    | deltaprop    | plain JavaScript | ratio | fastest library  | ratio |
| ------------------------------------ | ------------ | ---------------- | ----- | ---------------- | ----- |
| 2-8-1 sigmoid, train, plain arrays   | 125 ns       | 100 ns           | 0.80  | brain.js, 200 ns | 1.6   |
| 2-8-1 sigmoid, predict into an array | not measured | not measured     |       | not measured     |       |

| network, batch   | deltaprop | fastest of the others | deltaprop / it |
| ---------------- | --------- | --------------------- | -------------- |
| 2-8-1 sigmoid, 4 | 2.00 M    | jax-js, 8.00 M        | 0.25           |
`)
  })

  it('are an error if a row is of nothing that is compared, and left alone if they are others', () => {
    const head =
      '| network, batch | deltaprop | fastest of the others | deltaprop / it |\n| --- | --- | --- | --- |\n'
    expect(() => withPeers(`${head}| 2-9-1 sigmoid, 4 |\n`, results)).toThrow(/, got 2-9-1 sigmoid, 4$/)
    const other = '| network, batch | of the peak |\n| --- | --- |\n| 2-9-1 sigmoid, 4 | 5 % |\n'
    expect(withPeers(other, results)).toBe(other)
  })

  it.each(pagePaths)('%s: they are what peers.json has; or npm run pages', (path) => {
    const page = readFileSync(path, 'utf8')
    expect(withPeers(page, peerResults())).toBe(page)
  })
})
