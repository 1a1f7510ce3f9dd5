/** Parts of searches and cross-validations: joined, they are the whole, and nothing else is joined. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { version } from '../../src/base/version.js'
import { inProcess } from '../support/in-process.js'

const IRIS = 'examples/data/iris.csv'

const folder = mkdtempSync(join(tmpdir(), 'parts-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string): string => join(folder, name)
const write = (name: string, content: unknown): string => {
  writeFileSync(file(name), typeof content === 'string' ? content : JSON.stringify(content))
  return file(name)
}

async function ok(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await inProcess(args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

async function messageOf(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await inProcess(args)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  return stderr.replace(/^deltaprop: (.*)\n$/s, '$1')
}

/** Six trials, of which two diverge. */
const search = [
  ...['search', IRIS, '--target', 'species', '--epochs', '3', '--folds', '3', '--score', 'accuracy'],
  ...['--try', 'hidden=3/4,3', '--try', 'learning-rate=0.01/0.03/1e30'],
]
const validation = ['cross-validate', IRIS, '--target', 'species', '--epochs', '3', '--folds', '4']

/** Runs all parts, and returns their files in some other order. */
async function parts(name: string, args: readonly string[], of: number): Promise<string[]> {
  const paths: string[] = []
  for (let i = 0; i < of; ++i) {
    const path = file(`${name}-${i}-of-${of}.json`)
    await ok([...args, '--part', `${i}/${of}`, '--out-part', path, '--parallel', String(1 + (i % 2))])
    paths.push(path)
  }
  return paths.reverse()
}

/** Text and JSON without times, which are those of the parts. */
const withoutSeconds = (text: string): string =>
  text.replace(/"seconds": [\d.e-]+/g, '"seconds": 0').replace(/(\s+\d+(?:\.\d)?)\s+[\d.]+$/gm, '$1 …')

describe('parts make the whole', () => {
  it.each([
    ['a grid', search],
    [
      'a random search, on rows held out',
      [
        ...['search', IRIS, '-t', 'petal_width', '--epochs', '2', '--holdout', '0.3', '--score', 'r2'],
        ...['--try', 'hidden=2..9', '--try', 'l2=0.0001..0.1', '--trials', '5', '--seed', '3'],
      ],
    ],
    ['a cross-validation', validation],
  ])('%s, of 1, 3 and 9 parts: the same text and JSON', async (name, args) => {
    const whole = [await ok(args), await ok([...args, '--json'])].map(withoutSeconds)
    for (const of of [1, 3, 9]) {
      const paths = await parts(name.replace(/\W/g, '-'), args, of)
      const merged = [await ok(['merge', ...paths]), await ok(['merge', ...paths, '--json'])]
      expect(merged.map(withoutSeconds)).toEqual(whole)
    }
  })

  it('trials that diverge are told as in the whole', async () => {
    const merged = await ok(['merge', ...(await parts('search', search, 3))])
    expect(merged.match(/failed: fit: the loss is NaN/g)).toHaveLength(2)
  })

  it('--json prints what --out-part saves', async () => {
    const args = [...validation, '--part', '1/3']
    await ok([...args, '--out-part', file('saved.json')])
    const [saved, printed] = [readFileSync(file('saved.json'), 'utf8'), await ok([...args, '--json'])].map(
      (text) => JSON.stringify(JSON.parse(text), (name, value: unknown) => (name === 'seconds' ? 0 : value)),
    )
    expect(printed).toBe(saved)
  })

  it('a part says what it has, and one beyond the last trial that it has none', async () => {
    const [first, last] = ['0/9', '8/9'].map((part) => [
      ...search,
      '--part',
      part,
      '--out-part',
      file('told.json'),
    ])
    expect(await ok(first)).toMatch(/^ {4}1 +\[3\] .*\n\nSaved {6}.*told\.json, part 0 of 9: 1 trial\n$/m)
    expect(await ok(last)).toMatch(/seed 1\n\nSaved {6}.*told\.json, part 8 of 9: 0 trials\n$/)
  })

  it('--data and --out train and save the best choice, as the whole search does', async () => {
    const paths = await parts('search', search, 3)
    await ok([...search, '--out', file('whole.safetensors')])
    await ok(['merge', ...paths, '--data', IRIS, '--out', file('merged.safetensors')])
    expect(readFileSync(file('merged.safetensors'))).toEqual(readFileSync(file('whole.safetensors')))
  })
})

describe('what does not belong together is refused', () => {
  let paths: string[] = []
  /** The first part, to be changed. */
  let part: Record<string, unknown> & { data: object; trials: Record<string, unknown>[]; options: string[] }
  beforeAll(async () => {
    paths = (await parts('search', search, 3)).reverse()
    part = JSON.parse(readFileSync(paths[0], 'utf8')) as typeof part
  })
  const others = (): string[] => paths.slice(1)

  it('parts that are missing are named; --partial does without, and says so', async () => {
    expect(await messageOf(['merge', paths[1]])).toBe(
      'parts: expected all 3, from 0 to 2, got none of 0, 2; --partial does without',
    )
    const text = await ok(['merge', ...others(), '--partial'])
    expect(text).toContain('\nnote: without part 0 of 3\n')
    const { trials, notes } = JSON.parse(await ok(['merge', ...others(), '--partial', '--json'])) as {
      trials: { trial: number }[]
      notes: string[]
    }
    expect(trials.map(({ trial }) => trial).sort()).toEqual([2, 3, 5, 6])
    expect(notes).toEqual(['without part 0 of 3'])
  })

  it('the same part twice', async () => {
    const again = write('again.json', part)
    expect(await messageOf(['merge', ...paths, again])).toBe(
      `${again}: expected another part than ${paths[0]}, got part 0 of 3, too`,
    )
    expect(await messageOf(['merge', ...paths, paths[0]])).toBe(
      `file 4: expected another file than file 1, got ${paths[0]}`,
    )
  })

  it('parts of another number of parts', async () => {
    const other = write('other.json', { ...part, of: 4 })
    expect(await messageOf(['merge', ...others(), other])).toBe(
      `${other}: expected one of 3 parts as ${paths[1]}, got one of 4`,
    )
  })

  it('parts of other options, which are named', async () => {
    const options = part.options.map((option) => (option === '--epochs=3' ? '--epochs=4' : option))
    const other = write('other.json', { ...part, options })
    expect(await messageOf(['merge', ...others(), other])).toBe(
      `${other}: expected the options of ${paths[1]}, with --epochs=3, got --epochs=4`,
    )
  })

  it('parts of other data', async () => {
    const data = { ...part.data, rows: 1500, digest: '0123456789abcdef' }
    const other = write('other.json', { ...part, data })
    const { digest } = part.data as { digest: string }
    expect(await messageOf(['merge', ...others(), other])).toBe(
      `${other}: expected a part of the data of ${paths[1]}, 150 rows with digest ${digest}, got one of others, 1,500 rows with digest 0123456789abcdef`,
    )
  })

  it('parts of another version', async () => {
    const other = write('other.json', { ...part, version: '0.0.9' })
    expect(await messageOf(['merge', ...others(), other])).toBe(
      `${other}: version: expected ${version}, that of this deltaprop, got "0.0.9"`,
    )
  })

  it('parts of another command', async () => {
    const [other] = await parts('validation', validation, 3)
    expect(await messageOf(['merge', ...others(), other])).toBe(
      `${other}: expected a part of a search as ${paths[1]}, got one of a cross-validate`,
    )
  })

  it('data that is not that of the parts', async () => {
    const lines = readFileSync(IRIS, 'utf8').split('\n')
    const other = write('iris.csv', [lines[0], ...lines.slice(2)].join('\n'))
    const { digest } = part.data as { digest: string }
    const message = await messageOf(['merge', ...paths, '--data', other, '--out', file('never.safetensors')])
    expect(message).toMatch(
      `${other}: expected the data of ${paths[0]}, with digest ${digest}, got others, with digest `,
    )
  })

  it('--out without --data, and either of a cross-validation', async () => {
    expect(await messageOf(['merge', ...paths, '--out', file('x')])).toBe('--out: expected --data beside it')
    expect(await messageOf(['merge', ...paths, '--data', IRIS])).toBe('--data: expected --out beside it')
    const [only] = await parts('validation', validation, 1)
    expect(await messageOf(['merge', only, '--data', IRIS, '--out', file('x')])).toBe(
      '--data: expected parts of a search beside it, got a cross-validate',
    )
  })

  it('parts that are all empty', async () => {
    const all = await parts('search', search, 9)
    expect(await messageOf(['merge', all[0], '--partial'])).toBe(
      'parts: expected at least one that is not empty, got none',
    )
  })
})

describe('what is no part is refused', () => {
  /** The one part of the whole search, as text. */
  let text = ''
  beforeAll(async () => {
    const [path] = await parts('search', search, 1)
    text = readFileSync(path, 'utf8')
  })
  const changed = (change: (part: never) => object): unknown => change(JSON.parse(text) as never)
  type Any = Record<string, never>

  it.each<[string, () => unknown, string]>([
    ['nothing', () => '', 'expected JSON: cut off, or another format'],
    ['half a file', () => text.slice(0, 500), 'expected JSON: cut off, or another format'],
    ['a list', () => [], 'expected an object, got an array'],
    [
      'a name twice',
      () => text.replace('{', '{"part":0,'),
      'expected each name once in an object, got "part" twice',
    ],
    ['brackets', () => '['.repeat(1000), 'expected at most 100 brackets within one another, got more'],
    ['a table', () => 'a,b\n1,2\n', 'expected JSON: cut off, or another format'],
    ['other JSON', () => ({ trials: [] }), 'format: expected "deltaprop.part", of --part, got undefined'],
    [
      'a model',
      () => ({ format: 'deltaprop' }),
      'format: expected "deltaprop.part", of --part, got "deltaprop"',
    ],
    [
      'another command',
      () => changed((part: Any) => ({ ...part, command: 'constructor' })),
      'command: expected one of search, cross-validate, got "constructor"',
    ],
    ['more', () => changed((part: Any) => ({ ...part, more: 1 })), 'got "more"'],
    ['a prototype', () => text.replace('{', '{"__proto__":{"of":1},'), 'got "__proto__"'],
    [
      'a number',
      () => changed((part: Any) => ({ ...part, part: 1 })),
      'part.part: expected an integer <= 0, got 1',
    ],
    [
      'no parts',
      () => changed((part: Any) => ({ ...part, of: 0 })),
      'part.of: expected an integer >= 1, got 0',
    ],
    [
      'a digest that is none',
      () => changed((part: Any) => ({ ...part, data: { ...(part.data as object), digest: 1 } })),
      'part.data: expected texts, got 1',
    ],
    [
      'a trial less',
      () => changed(({ trials, ...part }: { trials: object[] }) => ({ ...part, trials: trials.slice(1) })),
      'expected the trials of part 0 of 1, 6, got 5 of them',
    ],
    [
      'others',
      () => changed(({ trials, ...part }: { trials: object[] }) => ({ ...part, trials: trials.reverse() })),
      'expected the trials of part 0 of 1, 6, got others',
    ],
    [
      'a fold less',
      () =>
        changed(({ trials, ...part }: { trials: { folds: object[] }[] }) => {
          trials[0].folds.pop()
          return { ...part, trials }
        }),
      'part.trials[0].folds: expected 3, got 2',
    ],
    [
      'a metric that is none',
      () => text.replace(/"accuracy":[\d.]+/, '"accuracy":"many"'),
      'part.trials[0].folds[0].evaluation.accuracy: expected a number, got "many"',
    ],
    [
      'an option that is none',
      () => text.replace('--epochs=3', '--epoch=3'),
      'part.options: expected those of its command, as --seed=1, got "--epoch=3"',
    ],
    [
      'a wrong one',
      () => text.replace('--epochs=3', '--epochs=0'),
      '--epochs: expected an integer >= 1, got 0',
    ],
    [
      'help',
      () => text.replace('--epochs=3', '--help'),
      'part.options: expected those of its command, as --seed=1, got "--help"',
    ],
    [
      'one that changes no result',
      () => text.replace('--epochs=3', '--parallel=3'),
      'part.options: expected those of its command, as --seed=1, got "--parallel=3"',
    ],
    [
      'no target',
      () => text.replace('"--target=species",', ''),
      'part.options: expected --target among them',
    ],
    [
      'too many choices',
      () => text.replace('hidden=3/4,3', `hidden=${'3/'.repeat(99_999)}3`),
      '--try: expected at most 100000 choices, got 300000',
    ],
  ])('%s', async (name, content, message) => {
    const path = write(`${name.replace(/\W/g, '-')}.json`, content())
    const found = await messageOf(['merge', path])
    expect(found.startsWith(`${path}: `), found).toBe(true)
    expect(found.endsWith(message), found).toBe(true)
  })

  it('a file that is not there, and a folder', async () => {
    expect(await messageOf(['merge', file('absent')])).toBe(
      `${file('absent')}: expected a file that can be read, got no such file or directory`,
    )
    expect(await messageOf(['merge', folder])).toBe(
      `${folder}: expected a file that can be read, got a directory`,
    )
  })

  it('texts of a part do not reach the terminal as control codes', async () => {
    const notes = JSON.stringify(['\u001b[31mred', '\u202eback'])
    const path = write('codes.json', text.replace('"notes":[],"digest"', `"notes":${notes},"digest"`))
    expect(await ok(['merge', path])).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f\u202e]/)
    expect(await ok(['merge', path, '--json'])).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f\u202e]/)
  })
})
