/** What a command has made is there, whatever becomes of its text, and of who reads it. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { Network } from '../../src/index.js'
import type { Random } from '../../src/base/random.js'
import { outcomeOf, start } from '../support/command.js'
import { attack, isFull } from './attack.js'

const folder = mkdtempSync(join(tmpdir(), 'work-'))
const file = (name: string): string => join(folder, name)
const made = ['out', 'checkpoint', 'plot.svg'].map(file)
const [out, checkpoint, plot] = made
afterAll(() => rmSync(folder, { recursive: true }))

const FULL = 'expected a file that can be written, got no space left on device'

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ')
const train = [
  ...[
    'train',
    'examples/data/iris.csv',
    '-t',
    'species',
    '-o',
    out,
    '--plot',
    plot,
    '--checkpoint',
    checkpoint,
  ],
  ...['--epochs', '20', '--checkpoint-every', '10'],
]
const model = file('model')

/** Commands that only print, and how they are fed where that has no end. */
const printing: readonly (readonly [args: readonly string[], input: string])[] = [
  [['predict', model], "yes '5.1,3.5,1.4,0.2'"],
  [['predict', model, '--json', '--format', 'csv'], "yes '5.1,3.5,1.4,0.2'"],
  [['evaluate', model, 'examples/data/iris.csv'], 'true'],
  [['inspect', model], 'true'],
  [['inspect', model, '--json'], 'true'],
  [['explain', model, '--data', 'examples/data/iris.csv'], 'true'],
  [['--help'], 'true'],
  ...(isFull ? [[['bench'], 'true'] as const] : []),
]
const HEADER = 'sepal_length,sepal_width,petal_length,petal_width'

/** A line of the shell, in which CODE stands for the exit code of deltaprop. */
function shell(line: string): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line], { encoding: 'utf8', timeout: 300_000 })
  return { code: status, stdout, stderr }
}

const deltaprop = `'${process.execPath}' dist/cli.js`

const clear = (): void => made.forEach((path) => rmSync(path, { force: true }))

let expected: readonly Buffer[] = []

beforeAll(() => {
  expect(shell(`${deltaprop} ${quoted(train)}`)).toMatchObject({ code: 0, stderr: '' })
  // The times that epochs took are in the checkpoint.
  expected = [out, plot].map((path) => readFileSync(path))
  copyFileSync(out, model)
})

function expectAllMade(): void {
  expect([out, plot].map((path) => readFileSync(path))).toEqual(expected)
  expect(Network.fromBytes(readFileSync(checkpoint)).toBytes()).toBeDefined()
}

/** A reader of so many bytes. */
const bytes = (random: Random): number => [0, 1, random.below(100), random.below(4000)][random.below(4)]

attack(
  'Work',
  'train makes its files whatever becomes of its text, and says so where a disk is full',
  { short: 6, full: 60 },
  (random, i) => {
    clear()
    const json = random.below(3) === 0 ? ' --json' : ''
    const command = `${deltaprop} ${quoted(train)}${json}`
    const [line, result] = [
      [`${command} | head -c ${bytes(random)} > /dev/null; exit \${PIPESTATUS[0]}`, { code: 0, stderr: '' }],
      [`${command} > /dev/full`, { code: 1, stderr: `deltaprop: standard output: ${FULL}\n` }],
      [
        `${command} 2>&1 >/dev/full | head -c ${random.below(10)} >/dev/null; exit \${PIPESTATUS[0]}`,
        { code: 1 },
      ],
      [`${command} > /dev/null 2> /dev/full`, { code: 0 }],
      [`${command} >&- 2>&-`, { code: 0 }],
      [`${command} > /dev/full 2> /dev/full`, { code: 1 }],
    ][i % 6] as [string, object]
    expect(shell(line), line).toMatchObject(result)
    expectAllMade()
  },
)

attack(
  'Work',
  'a command that only prints ends when nobody reads, and says so where a disk is full',
  { short: 9, full: 64 },
  (random, i) => {
    const [args, input] = printing[(i >> (isFull ? 1 : 0)) % printing.length]
    const command = `(echo ${HEADER}; ${input}) | ${deltaprop} ${quoted(args)}`
    if (random.below(2) === 0) {
      const line = `${command} | head -c ${bytes(random)} > /dev/null; exit \${PIPESTATUS[1]}`
      expect(shell(line), line).toEqual({ code: 0, stdout: '', stderr: '' })
    } else {
      const line = `${command} > /dev/full; exit \${PIPESTATUS[1]}`
      const stderr = `deltaprop: standard output: ${FULL}\n`
      expect(shell(line), line).toEqual({ code: 1, stdout: '', stderr })
    }
  },
)

attack(
  'Work',
  'a signal ends training after the epoch, with model and checkpoint: 128 and its number',
  { short: 3, full: 30 },
  async (random, i) => {
    clear()
    const name = (['SIGTERM', 'SIGHUP', 'SIGINT'] as const)[i % 3]
    const endless = [...train, '--epochs', '1000000000', '--checkpoint-every', '1000000000']
    const child = start(endless)
    const outcome = outcomeOf(child)
    await new Promise((resolve) => child.stdout.once('data', resolve))
    await new Promise((resolve) => setTimeout(resolve, random.below(100)))
    child.kill(name)
    // A terminal that closes may send it twice.
    if (name !== 'SIGINT' && random.below(2) === 0) child.kill(name)
    const { code, stdout, stderr } = await outcome
    expect({ name, code, stderr }).toEqual({
      name,
      code: 128 + constants.signals[name],
      stderr: `ending after this epoch; Ctrl-C ${name === 'SIGINT' ? 'again ' : ''}quits at once\n`,
    })
    expect(stdout).toContain(`ended by ${name === 'SIGINT' ? 'Ctrl-C' : name}; last loss`)
    const networks = [out, checkpoint].map((path) => Network.fromBytes(readFileSync(path)))
    expect(networks[0].layers[0].weights).toEqual(networks[1].layers[0].weights)
    expect(existsSync(plot)).toBe(true)
  },
)

it('a signal while a terminal is gone, too: with nobody who reads, there are model and checkpoint', async () => {
  clear()
  const child = spawn(process.execPath, ['dist/cli.js', ...train, '--epochs', '1000000000'])
  const closed = new Promise((resolve) => child.on('close', resolve))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  child.stdout.destroy()
  child.stderr.destroy()
  child.kill('SIGHUP')
  expect(await closed).toBe(129)
  for (const path of [out, checkpoint]) Network.fromBytes(readFileSync(path))
})

describe('a signal that the shell of npm keeps', () => {
  /** As npx starts it, in a shell that does not become the command. */
  const inShell = (args: readonly string[]) => {
    const command = `${deltaprop} ${quoted([...args, '--epochs', '1000000000'])}; true`
    const npm = { npm_lifecycle_event: 'npx', npm_lifecycle_script: "'deltaprop'" }
    const child = spawn('sh', ['-c', command], { detached: true, env: { ...process.env, ...npm } })
    onTestFinished(() => {
      try {
        process.kill(-Number(child.pid), 'SIGKILL')
      } catch {
        // All have ended.
      }
    })
    let stderr = ''
    child.stderr.on('data', (text) => (stderr += String(text)))
    // The command has its standard output, too, so that it closes when that ends.
    const closed = new Promise((end) => child.on('close', end)).then(() => stderr)
    return { child, closed }
  }

  it('ends training, too', async () => {
    clear()
    const { child, closed } = inShell(train)
    await new Promise((read) => child.stdout.once('data', read))
    child.kill('SIGTERM')
    expect(await closed).toContain('ending after this epoch')
    for (const path of [out, checkpoint]) Network.fromBytes(readFileSync(path))
  })

  it('while the data are read, ends training after the first epoch', async () => {
    clear()
    const pipe = file('pipe.csv')
    execFileSync('mkfifo', [pipe])
    const [command, data, ...options] = train
    const { child, closed } = inShell([command, pipe, ...options])
    // Opened when the command opens it.
    const writer = await open(pipe, 'w')
    const exited = new Promise((end) => child.on('exit', end))
    child.kill('SIGTERM')
    await exited
    await writer.writeFile(readFileSync(data))
    await writer.close()
    expect(await closed).toContain('ending after this epoch')
    for (const path of [out, checkpoint]) Network.fromBytes(readFileSync(path))
  })
})

it('what cannot be read is told though nobody reads the text', () => {
  writeFileSync(file('bad.csv'), 'x,y\n1\n')
  const command = `${deltaprop} train '${file('bad.csv')}' -t y -o '${out}'`
  const { code, stderr } = shell(`${command} | true; exit \${PIPESTATUS[0]}`)
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^deltaprop: .*bad\.csv: .*\n$/) as string,
  })
})
