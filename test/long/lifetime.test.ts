/** Networks that nobody uses any more leave nothing behind: in a process of its own, which collects its garbage when it is told to. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import type { Usage } from '../fixtures/lifetime.js'

const run = promisify(execFile)

/** Bytes by which 8,000 networks may make a process larger: 131 for each; one that is kept has 14,000 of heap, 2 million beside it. */
const bounds = { heapUsed: 2 ** 20, external: 2 ** 18, arrayBuffers: 2 ** 16, rss: 2 ** 24 }

it('memory, workers, listeners and files after 10,000 networks are those after 4,000, and the process ends by itself', async () => {
  const { stdout } = await run(process.execPath, ['--expose-gc', 'test/fixtures/lifetime.js', '10000'])
  const usages = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Usage)
  expect(usages.map(({ networks }) => networks)).toEqual(Array.from({ length: 11 }, (_, i) => 1000 * i))
  // By then the seats of the workspace that small networks share have been touched.
  const [none, early, late] = [usages[0], usages[4], usages[10]]
  for (const [name, bound] of Object.entries(bounds)) {
    const key = name as keyof typeof bounds
    expect(late[key] - early[key], `growth of ${name}, in bytes`).toBeLessThan(bound)
  }
  expect(late.files).toBe(early.files)
  expect(usages.map(({ listeners }) => listeners)).toEqual(usages.map(() => 0))
  // Pipes to here.
  expect(new Set(none.resources)).toEqual(new Set(['PipeWrap']))
  expect(usages.map(({ resources }) => resources)).toEqual(usages.map(() => none.resources))
})

it('a loop over epochs keeps what the history has of them, and nothing else', async () => {
  const program = `
    import { Network } from 'deltaprop'
    const used = []
    const data = { x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0] }
    for await (const { epoch } of new Network([2, 3, 1]).epochs(data, { epochs: 30_001 })) {
      if (epoch % 10_000 !== 0) continue
      gc()
      used.push(process.memoryUsage().heapUsed)
    }
    console.log((used[2] - used[0]) / 20_000)`
  const { stdout } = await run(process.execPath, ['--expose-gc', '--input-type=module', '--eval', program])
  // 139 of the reports, in fit too; it was 451 when each waited for the end as well.
  expect(Number(stdout)).toBeGreaterThan(50)
  expect(Number(stdout)).toBeLessThan(250)
})

it.each(['wasm', 'baseline'])(
  'networks that are disposed take no memory, whoever holds them, %s',
  async (engine) => {
    const program = `
    import { Network } from 'deltaprop'
    import { baseline } from 'deltaprop/baseline'
    const engines = { wasm: 'wasm', baseline }
    const nets = Array.from({ length: 200 }, () => new Network([2, 100, 1], { engine: engines.${engine} }))
    const { external } = process.memoryUsage()
    for (const net of nets) net.dispose()
    for (let i = 0; i < 4; ++i) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      gc()
    }
    console.log(external, process.memoryUsage().external, String(nets[0]))`
    const { stdout } = await run(process.execPath, ['--expose-gc', '--input-type=module', '--eval', program])
    const [before, after] = stdout.split(' ').map(Number)
    expect(before).toBeGreaterThan(1e8)
    expect(after).toBeLessThan(1e7)
  },
  120_000,
)
