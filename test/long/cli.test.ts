/** What takes the command line long: being killed, 300,000 rows, and measuring how fast it is. */
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deltaprop, longTraining, start } from '../support/command.js'

const IRIS = 'examples/data/iris.csv'
const [header, ...flowers] = readFileSync(IRIS, 'utf8').trim().split(/\r?\n/)

let folder = ''
const file = (name: string): string => join(folder, name)
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('deltaprop train --checkpoint', () => {
  const resumed = (checkpoint: string, out: string): string[] => [
    ...longTraining,
    '-o',
    out,
    '--checkpoint',
    checkpoint,
    '--checkpoint-every',
    '5',
    '--resume',
  ]

  it('killed again and again, it comes to the model of a run that was never stopped, byte for byte', async () => {
    const [whole, killed, checkpoint] = ['whole', 'killed', 'killed.checkpoint'].map(file)
    expect((await deltaprop([...longTraining, '-o', whole])).code).toBe(0)
    for (let kill = 0; kill < 4; ++kill) {
      const child = start(resumed(checkpoint, killed))
      const closed = once(child, 'close')
      const before = lastWritten(checkpoint)
      while (lastWritten(checkpoint) === before) await setTimeout(kill)
      child.kill('SIGKILL')
      expect(await closed).toEqual([null, 'SIGKILL'])
      expect(existsSync(killed)).toBe(false)
    }
    const { code, stdout, stderr } = await deltaprop(resumed(checkpoint, killed))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Trained +2,000 epochs, [\d,]+ of them before, in /m)
    expect(readFileSync(killed)).toEqual(readFileSync(whole))
  })
})

/** When a file was written, in nanoseconds; 0 if it is not there. */
function lastWritten(path: string): bigint {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? 0n
}

describe('deltaprop predict', () => {
  it('takes no more memory for more rows', async () => {
    const model = file('iris.safetensors')
    await deltaprop(['train', IRIS, '-t', 'species', '-o', model, '--epochs', '5'])
    const input = Buffer.from(`${header}\n${`${flowers.join('\n')}\n`.repeat(2000)}`)
    const { code, stdout, stderr } = await deltaprop(['predict', model], {
      input,
      node: ['--max-old-space-size=40'],
    })
    expect({ code, stderr, lines: stdout.split('\n').length }).toEqual({
      code: 0,
      stderr: '',
      lines: 300_002,
    })
  })
})

describe('deltaprop bench', () => {
  it('--json: samples a second', async () => {
    const { code, stdout } = await deltaprop(['bench', '--json'])
    expect(code).toBe(0)
    const { networks } = JSON.parse(stdout) as { networks: { samplesPerSecond: { exact: number } }[] }
    expect(networks).toHaveLength(4)
    for (const { samplesPerSecond } of networks) expect(samplesPerSecond.exact).toBeGreaterThan(0)
  })
})
