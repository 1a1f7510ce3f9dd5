/** Training that is killed: there is a whole checkpoint, or none yet, and what goes on from it comes to the same bits. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { Network } from '../../src/index.js'
import { attack } from './attack.js'

const folder = mkdtempSync(join(tmpdir(), 'kill-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Kills of one training, before it is let come to its end. */
const KILLS = 4

/** What a killed process may leave beside its checkpoint, which the next one is not disturbed by. */
const LEFT = /^\.\w+\.[0-9a-f]{12}\.deltaprop\.tmp$/

/** What a process prints; undefined if it is killed so many milliseconds after it has begun to. */
function run(args: readonly string[], killAfter?: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args)
    let printed = ''
    child.stdout.on('data', (text: Buffer) => {
      if (printed === '' && killAfter !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfter)
      printed += text.toString()
    })
    child.stderr.on('data', (text: Buffer) => reject(new Error(text.toString())))
    child.on('close', (_, signal) => resolve(signal === null ? printed : undefined))
  })
}

/** A training with a checkpoint, and what comes of it when nothing stops it. */
interface Training {
  /** the command, for a folder of its own */
  readonly command: (own: string) => readonly string[]
  /** what comes of it */
  readonly outcome: (own: string, printed: string) => string
  /** milliseconds in which it is killed */
  readonly within: number
}

const library = (name: string): Training => ({
  command: (own) => ['test/fixtures/checkpointed.js', name, join(own, 'checkpoint')],
  outcome: (_, printed) => printed,
  within: 25,
})

const trainings: readonly Training[] = [
  library('adam'),
  {
    command: (own) => [
      ...[
        'dist/cli.js',
        'train',
        'examples/data/iris.csv',
        '-t',
        'species',
        '--epochs',
        '60',
        '--dropout',
        '0.1',
      ],
      ...['--checkpoint', join(own, 'checkpoint'), '--resume', '-o', join(own, 'model')],
    ],
    outcome: (own) => readFileSync(join(own, 'model'), 'latin1'),
    within: 120,
  },
  library('momentum'),
  library('average'),
]

const wholes = new Map<Training, string>()

async function finish(training: Training, own: string): Promise<string> {
  return training.outcome(own, (await run(training.command(own))) ?? '')
}

attack(
  'Work',
  'training that is killed goes on from a whole checkpoint, to the bits of one that never was',
  { short: 12, full: 80 },
  async (random, i) => {
    const round = Math.floor(i / KILLS)
    const training = trainings[round % trainings.length]
    const own = join(folder, String(round))
    mkdirSync(own, { recursive: true })
    await run(training.command(own), random.below(training.within))
    const names = readdirSync(own).filter((name) => !LEFT.test(name))
    expect(['checkpoint', 'model']).toEqual(expect.arrayContaining(names))
    for (const name of names) {
      expect(String(Network.fromBytes(readFileSync(join(own, name))))).toMatch(
        /^Network\(4 → 16 tanh → [23] /,
      )
    }
    if (i % KILLS !== KILLS - 1) return
    if (!wholes.has(training)) {
      const never = join(folder, `${round}.never`)
      mkdirSync(never)
      wholes.set(training, await finish(training, never))
    }
    expect(await finish(training, own)).toBe(wholes.get(training))
    expect(existsSync(join(own, 'checkpoint'))).toBe(true)
  },
)
