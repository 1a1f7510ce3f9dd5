/** Training that is killed: there is a whole checkpoint, or none yet, and what goes on from it comes to the same bits. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { Network } from '../src/index.js'
import { Random } from '../src/random.js'

const KILLS = 12

const folder = mkdtempSync(join(tmpdir(), 'kill-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What a process prints that trains with checkpoints; undefined if it is killed so many milliseconds after it has begun. */
function train(name: string, path: string, killAfter?: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['test/fixtures/checkpointed.js', name, path])
    let printed = ''
    child.stdout.on('data', (text: Buffer) => {
      if (printed === '' && killAfter !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfter)
      printed += text.toString()
    })
    child.stderr.on('data', (text: Buffer) => reject(new Error(text.toString())))
    child.on('close', (_, signal) => resolve(signal === null ? printed : undefined))
  })
}

it.each(['adam', 'momentum', 'average'])(
  '%s, killed again and again: the bits of a run that was never stopped',
  async (name) => {
    const whole = await train(name, join(folder, `${name}.whole`))
    const path = join(folder, name)
    const random = new Random(1, `kill ${name}`)
    let kills = 0
    while (kills < KILLS && (await train(name, path, random.below(25))) === undefined) {
      kills += 1
      if (!existsSync(path)) continue
      expect(String(Network.fromBytes(readFileSync(path)))).toMatch(/^Network\(4 → 16 tanh → 2 linear/)
    }
    expect(kills).toBeGreaterThan(0)
    expect(await train(name, path)).toBe(whole)
  },
  60_000,
)
