/** Node 20.0 to 20.15 have no process.getBuiltinModule: files and threads are found there all the same. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'old-node-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What a program prints, line by line. */
function run(preload: readonly string[], program: string): string[] {
  const source = `
    import { createHash } from 'node:crypto'
    import { checkpointFile, Network } from ${JSON.stringify(resolve('dist/index.js'))}
    import { crossValidate } from ${JSON.stringify(resolve('dist/selection.js'))}
    const x = Array.from({ length: 90 }, (_, i) => Math.sin(i))
    const data = { x: Float32Array.from(x), y: x.slice(45).map((v) => v > 0 ? 1 : 0) }
    const make = () => new Network([2, 9, 1], { activation: { hidden: 'tanh', output: 'sigmoid' }, seed: 1 })
    const print = (net) => console.log(createHash('sha256').update(net.toBytes()).digest('hex'))
    ${program}`
  const args = [...preload, '--input-type=module', '--eval', source]
  return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split('\n')
}

const old = ['--import', pathToFileURL('test/fixtures/before-20.16.js').href]
const fit = `
  const checkpoint = checkpointFile({ path: ${JSON.stringify(join(folder, 'a'))}, resume: true })
  const [one, two, three] = [make(), make(), make()]
  await one.fit(data, { epochs: 4 })
  await two.fit(data, { epochs: 2, threads: 2, checkpoint })
  const training = three.fit(data, { epochs: 4, threads: 2, checkpoint })
  data.x.fill(9) // which fit has a copy of
  await training
  for (const net of [one, three]) print(net)`

it('fit has its workers and its checkpoint, and the same bits', () => {
  const [bits] = run([], 'const net = make(); await net.fit(data, { epochs: 4 }); print(net)')
  const printed = run(old, fit)
  expect(printed).toEqual([...Array<string>(4).fill('worker'), bits, bits])
})

it('a search has its workers', () => {
  const program = `
    await crossValidate({ x: Array(9000).fill(x).flat(), y: Array(9000).fill(data.y).flat() }, {
      folds: 2, seed: 1, inputs: 2, network: { hidden: [9], activation: 'sigmoid' }, fit: { epochs: 1, batchSize: 8 },
    })`
  expect(run(old, program)).toEqual(['worker', 'worker'])
})
