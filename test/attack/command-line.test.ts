/** Command lines as nobody should type them: an exit code that is documented, one line that says why, and no file that was not named. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { Command, type Option } from 'commander'
// Before the commands: it has a version for them, which is beside dist/ otherwise.
import { inProcess } from '../support/in-process.js'
import { addBench } from '../../src/cli/commands/bench.js'
import { addCrossValidate } from '../../src/cli/commands/cross-validate.js'
import { addEvaluate } from '../../src/cli/commands/evaluate.js'
import { addExplain } from '../../src/cli/commands/explain.js'
import { addInspect } from '../../src/cli/commands/inspect.js'
import { addMerge } from '../../src/cli/commands/merge.js'
import { addPredict } from '../../src/cli/commands/predict.js'
import { addSearch } from '../../src/cli/commands/search.js'
import { addTrain } from '../../src/cli/commands/train.js'
import type { Random } from '../../src/base/random.js'
import { changed, contentsOf } from '../support/folder.js'
import { attack } from './attack.js'

const repository = process.cwd()
const table = readFileSync('examples/data/iris.csv')
const lines =
  '{"sepal_length": 5, "species": "setosa"}\n{"sepal_length": 6, "species": "virginica"}\n'.repeat(9)
const folder = mkdtempSync(join(tmpdir(), 'command-line-'))

const known = new Command()
for (const add of [addTrain, addPredict, addEvaluate, addInspect, addExplain, addBench]) add(known)
for (const add of [addSearch, addCrossValidate, addMerge]) add(known)

/** Values that are right for some option, and such as are for none. */
const values = [
  ...[
    'iris.csv',
    'iris.jsonl',
    'model',
    'new',
    './new',
    'sub/new',
    'sub',
    '.',
    '/',
    '..',
    'no/such',
    '/dev/null',
  ],
  ...[
    'species',
    'sepal_length',
    'species,sepal_length',
    '"kg, net",age',
    '__proto__',
    'constructor',
    '{"a": 1}',
  ],
  ...[
    '0',
    '1',
    '2',
    '0.5',
    '-1',
    '1.5',
    '1e400',
    'NaN',
    'Infinity',
    '0x10',
    '１',
    '3,x',
    '4,2',
    'none',
    'auto',
    'drop',
  ],
  ...[
    'hidden=2/3,1',
    'activation=relu/tanh',
    'l2=0.1..1',
    'hidden=1..3',
    'learning-rate=1e30',
    'x=1',
    '0/2',
    '1/1',
  ],
  ...[
    'adam',
    'tanh',
    'softmax',
    'f64',
    'zeros',
    'classification',
    'balanced',
    'cosine',
    'csv',
    'jsonl',
    'latin1',
    'tab',
  ],
  ...[
    '',
    ' ',
    '-',
    '--',
    '---',
    '=',
    '"',
    "'",
    ',',
    ',,',
    '\n',
    '\u0007\u001b[2J',
    '\u202e',
    '💥',
    '\ud800',
    'x'.repeat(5000),
  ],
  ...['--help', '--out=', '--jsn', '-Z', '--no-json', '--seed'],
]

const files = ['iris.csv', 'iris.jsonl', 'model', 'part', 'new', './new', 'sub/new', '-', 'nothing']

const pick = <T>(random: Random, all: readonly T[]): T => all[random.below(all.length)]

/** The values that an option takes for some of its own. */
function valuesOf({ parseArg }: Option): readonly string[] {
  return values.filter((value) => {
    try {
      parseArg?.(value, undefined)
      return true
    } catch {
      return false
    }
  })
}

/** Most options with values that may do, and some with any. */
function optionOf(random: Random, option: Option): string[] {
  const { long, short, required, optional } = option
  const flag = short !== undefined && random.below(4) === 0 ? short : (long ?? '')
  if (!required && !optional) return [flag]
  const likely = /out|plot|checkpoint$|data/.test(flag) ? files : valuesOf(option)
  const value = pick(random, random.below(4) > 0 && likely.length > 0 ? likely : values)
  return random.below(5) === 0 ? [`${flag}=${value}`] : [flag, value]
}

/** What arguments are, that are not data. */
const expected: Readonly<Record<string, string | undefined>> = { model: 'model', parts: 'part' }

function lineOf(random: Random): string[] {
  const command = pick(random, known.commands)
  const name = command.name()
  const line = command.registeredArguments.map((argument) =>
    random.below(4) === 0 ? pick(random, files) : (expected[argument.name()] ?? 'iris.csv'),
  )
  if (name === 'explain' && random.below(3) > 0) line.pop()
  if (name === 'train') {
    line.push(
      ...(random.below(8) > 0 ? ['-t', 'species'] : []),
      ...(random.below(8) > 0 ? ['-o', 'new'] : []),
    )
  }
  if (name === 'search' || name === 'cross-validate') {
    line.push(
      ...(random.below(8) > 0 ? ['-t', 'species'] : []),
      ...(name === 'search' && random.below(4) > 0 ? ['--try', 'hidden=2/3'] : []),
    )
  }
  for (let i = random.below(5); i > 0 && command.options.length > 0; --i) {
    line.push(...optionOf(random, pick(random, command.options)))
  }
  if (random.below(4) === 0) line.splice(random.below(line.length + 1), 0, pick(random, values))
  if (random.below(8) === 0) line.splice(random.below(line.length + 1), 1)
  // What it measures takes seconds.
  if (name === 'bench') line.push('--fast')
  return [
    ...(random.below(20) === 0 ? [] : [name]),
    ...line,
    ...(name === 'train' ? ['--time-limit', '0.02'] : []),
    ...(name === 'search' || name === 'cross-validate' ? ['--epochs', '1'] : []),
  ]
}

/** What a command may write: what an option names that is there for it. */
function writtenBy(line: readonly string[]): string[] {
  return line.flatMap((word, i) => {
    // After a short name, = is part of the value.
    const found = /^(?:-o([^]+)|(?:-o|--out|--out-part|--plot|--checkpoint)(?:=([^]+))?)$/.exec(word)
    return found === null ? [] : [resolve(found.at(1) ?? found.at(2) ?? line.at(i + 1) ?? '')]
  })
}

let model = new Uint8Array()
let part = new Uint8Array()

/** Has the files there that the lines name. */
function fill(): void {
  if (['model', 'part', 'iris.csv', 'iris.jsonl'].every((name) => existsSync(name))) return
  writeFileSync('iris.csv', table)
  writeFileSync('iris.jsonl', lines)
  writeFileSync('model', model)
  writeFileSync('part', part)
}

beforeAll(async () => {
  process.chdir(folder)
  mkdirSync('sub')
  fill()
  const line = ['train', 'iris.csv', '-t', 'species', '-o', 'model', '--epochs', '2']
  expect(await inProcess(line)).toMatchObject({ code: 0, stderr: '' })
  model = new Uint8Array(readFileSync('model'))
  const search = ['search', 'iris.csv', '-t', 'species', '--try', 'hidden=2/3', '--epochs', '1']
  expect(await inProcess([...search, '--part', '0/2', '--out-part', 'part'])).toMatchObject({
    code: 0,
    stderr: '',
  })
  part = new Uint8Array(readFileSync('part'))
})
afterAll(() => {
  process.chdir(repository)
  rmSync(folder, { recursive: true })
})

attack(
  'Files',
  'a command line that is odd: exit code 0, 1 or 2, one line that says why, nothing written that was not named',
  { short: 96, full: 4000 },
  async (random) => {
    const line = lineOf(random)
    const input = pick(random, ['', 'x,species\n1,a\n2,b\n3,a\n4,b\n'])
    const before = contentsOf(folder)
    const { code, stdout, stderr } = await inProcess(line, input)
    const told = `${JSON.stringify(line).slice(0, 500)}: exit code ${code}, ${stderr.slice(0, 500)}`
    expect([0, 1, 2], told).toContain(code)
    const messages = stderr.split('\n').filter((text) => !text.startsWith('note: '))
    expect(stdout + stderr, told).not.toMatch(/^ +at .*:\d+:\d+/m)
    if (code === 0) expect(messages, told).toEqual([''])
    // Without a command the help is what there is to say.
    else if (!stderr.startsWith('Usage: deltaprop ')) {
      expect(messages, told).toEqual([expect.stringMatching(/^deltaprop: \S/), ''])
    }
    const written = writtenBy(line)
    for (const name of changed(before, contentsOf(folder))) {
      expect(written, `${told}; ${name} is another now`).toContain(join(folder, name))
      expect(name, told).not.toBe(line[1])
      rmSync(join(folder, name))
    }
    fill()
  },
)
