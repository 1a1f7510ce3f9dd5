/** `deltaprop search` and `deltaprop cross-validate`: the library's results, in one process. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseCsv } from '../../src/data/index.js'
import { adam } from '../../src/index.js'
import { crossValidate, gridSearch, randomSearch } from '../../src/selection/index.js'
import { digestOf } from '../../src/cli/data-digest.js'
import { inProcess } from '../support/in-process.js'

const IRIS = 'examples/data/iris.csv'
const iris = parseCsv(readFileSync(IRIS))

const folder = mkdtempSync(join(tmpdir(), 'search-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string): string => join(folder, name)

const flowers = [IRIS, '--target', 'species', '--epochs', '5']
const model = { target: 'species', hidden: [16], activation: { hidden: 'tanh' } } as const
const fit = { epochs: 5, batchSize: 32, l2: 0.001, optimizer: adam({ learningRate: 0.01 }) }
const inputs = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width']

async function ok(args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await inProcess(args, input)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

interface Searched {
  readonly trials: readonly { trial: number; choice: object; score: number; metrics: object }[]
  readonly best: { trial: number; choice: object; command: string }
}

/** What both have of each trial, in the order of the choices. */
const scores = (trials: Searched['trials']): unknown =>
  trials
    .map(({ trial, choice, score, metrics }) => ({ trial, choice, score, metrics }))
    .sort((one, other) => one.trial - other.trial)

describe('deltaprop search', () => {
  it('a grid is that of gridSearch, to the bit, and its table ranks it', async () => {
    const args = [
      'search',
      ...flowers,
      '--try',
      'hidden=4/8,4',
      '--try',
      'batch-size=8/32',
      '--score',
      'accuracy',
    ]
    const told = JSON.parse(await ok([...args, '--json'])) as Searched
    const grid = await gridSearch(iris, {
      space: { hidden: [[4], [8, 4]], batchSize: [8, 32] },
      model: { ...model, features: inputs },
      fit,
      score: 'accuracy',
      seed: 1,
    })
    expect(scores(told.trials)).toEqual(scores(grid.trials))
    expect(told.best).toMatchObject({ trial: grid.best.trial, choice: grid.best.choice })
    const lines = (await ok(args)).split('\n')
    expect(lines.slice(0, 3)).toEqual([
      `Data       ${IRIS}: 150 rows, 5 columns`,
      'Search     4 trials, judged by accuracy in 5 folds, seed 1',
      '',
    ])
    const withoutSeconds = (line: string): string => line.replace(/\s+\S+$/, '')
    expect(lines.slice(3, 8).map(withoutSeconds)).toEqual(String(grid).split('\n').map(withoutSeconds))
    expect(lines.slice(8, 10)).toEqual(['', `Best       trial ${grid.best.trial}, on all rows:`])
  })

  it('--trials draws from ranges as randomSearch does, and a hidden layer of so many units', async () => {
    const tried = ['--try', 'hidden=2..9', '--try', 'learning-rate=0.001..0.1', '--try', 'dropout=0..0.2']
    const args = [
      'search',
      ...flowers,
      ...tried,
      '--trials',
      '3',
      '--holdout',
      '0.2',
      '--seed',
      '5',
      '--json',
    ]
    const told = JSON.parse(await ok(args)) as Searched
    const random = await randomSearch(iris, {
      space: {
        hidden: { from: 2, to: 9, integer: true },
        learningRate: { from: 0.001, to: 0.1, scale: 'log' },
        dropout: { from: 0, to: 0.2 },
      },
      build: ({ hidden, learningRate, dropout }) => ({
        model: { ...model, hidden: [hidden] },
        fit: { ...fit, dropout, optimizer: adam({ learningRate }) },
      }),
      trials: 3,
      validation: 0.2,
      seed: 5,
    })
    const trials = random.trials.map((each) => ({
      ...each,
      choice: { ...each.choice, hidden: [each.choice.hidden] },
    }))
    // What is not a number, as a deviation of one, is null in JSON.
    expect(scores(told.trials)).toEqual(JSON.parse(JSON.stringify(scores(trials))))
  })

  it('--out saves, to the bit, the model of the command that it prints; whatever --parallel', async () => {
    const tried = ['--try', 'hidden=none/4', '--try', 'activation=relu/tanh', '--task', 'classification']
    const args = ['search', ...flowers, ...tried, '--parallel', '2', '--out', file('best model.safetensors')]
    const printed = await ok(args)
    expect(printed).toMatch(/\nSaved {6}.*best model\.safetensors, [\d.]+ kB\n$/)
    const [, command] = /\ndeltaprop (train .*)\n/.exec(printed) ?? []
    expect(command).toBe(
      `train ${IRIS} --target species --task classification --epochs 5 --hidden none --activation relu --holdout 0 --out '${file('best model.safetensors')}'`,
    )
    const words = command.replace(`'${file('best model.safetensors')}'`, file('same.safetensors')).split(' ')
    await ok(words)
    expect(readFileSync(file('same.safetensors'))).toEqual(readFileSync(file('best model.safetensors')))
  })

  it('JSON lines of the same rows have the same folds: texts are classes there, too', async () => {
    const records = Array.from({ length: iris.rows }, (_, row) =>
      JSON.stringify(Object.fromEntries(iris.columns.map(({ name, values }) => [name, values[row]]))),
    )
    const options = ['--target', 'species', '--epochs', '5', '--try', 'hidden=4', '--json']
    const lines = JSON.parse(await ok(['search', '-', ...options], records.join('\n'))) as Searched
    const csv = JSON.parse(await ok(['search', IRIS, ...options])) as Searched
    expect(scores(lines.trials)).toEqual(scores(csv.trials))
    expect(lines).toMatchObject({ data: { digest: digestOf(iris) } })
    expect(csv).toMatchObject({ data: { digest: digestOf(iris) } })
  })

  it('of trials that all failed there is no best, and nothing to save', async () => {
    const args = ['search', ...flowers, '--try', 'learning-rate=1e30', '--out', file('none.safetensors')]
    const { code, stdout, stderr } = await inProcess(args)
    expect(stdout).toContain('failed: fit: the loss is NaN')
    expect(stdout).not.toContain('Best')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'deltaprop: --out: expected a trial that did not fail, got 1 that did\n',
    })
    const json = await inProcess([...args, '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ best: null, trials: [{ score: null }] })
  })

  it.each([
    [['--try', 'hidden'], '--try: expected an option and its values, such as hidden=8/16, got "hidden"'],
    [['--try', 'hidden=8/x'], '--try hidden: expected an integer >= 1, got "x"'],
    [
      ['--try', 'hidden=8,4..9'],
      '--try hidden: expected one hidden layer at each end of a range, got an array',
    ],
    [['--try', 'hidden=8', '--try', 'hidden=9'], '--try hidden: expected it once, got it twice'],
    [['--try', 'hidden=8', '--hidden', '9'], '--hidden: expected none beside --try hidden'],
    [['--try', 'dropout=0/1'], '--try dropout: expected a number >= 0 and < 1, got 1'],
    [['--try', 'l2=0..1', '--trials', '2'], '--try l2: expected a number > 0, got 0'],
    [['--try', 'l2=0.1..0.01', '--trials', '2'], '--try l2: expected a number >= 0.1, got 0.01'],
    [
      ['--try', 'l2=0.01..0.1'],
      '--try l2: expected values with / between them, or --trials beside a range, got a range',
    ],
    [['--try', 'l2=0.1', '--folds', '2', '--holdout', '0.5'], '--folds: expected none beside --holdout'],
    [
      ['--try', 'l2=0.1', '--holdout', '0.001'],
      '--holdout: expected a fraction that leaves rows on both sides, got 0.001 of 150',
    ],
    [['--try', 'l2=0.1', '--folds', '151'], '--folds: expected an integer <= 150, a row for each, got 151'],
    [['--try', 'l2=0.1', '--part', '0/2'], '--part: expected --out-part with a file, or --json, beside it'],
    [
      ['--try', 'l2=0.1', '--part', '2/2', '--json'],
      '--part: expected 0/2 to 1/2, got 2/2; parts count from 0',
    ],
    [
      ['--try', 'l2=0.1', '--part', '1', '--json'],
      '--part: expected a part and the number of parts, such as 0/8; at most 100000, got "1"',
    ],
    [['--try', 'l2=0.1', '--out-part', 'x'], '--out-part: expected --part beside it'],
    [
      ['--try', 'l2=0.1', '--part', '0/2', '--json', '--out', 'x'],
      '--out: expected none beside --part; deltaprop merge has it',
    ],
  ])('%j is an error', async (options, message) => {
    const { code, stdout, stderr } = await inProcess(['search', ...flowers, ...options])
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: `deltaprop: ${message}\n` })
  })

  it.each([
    [['--try', 'lr=1'], '; did you mean learning-rate?\n'],
    [['--try', 'alpha=1'], '; did you mean l2?\n'],
    [['--try', 'l2=1', '--score', 'acc'], ', got "acc"; did you mean accuracy?\n'],
    [['--cv', '3'], "unknown option '--cv' (Did you mean --folds?)\n"],
    [['--njobs', '3'], "unknown option '--njobs' (Did you mean --parallel?)\n"],
    [[], "deltaprop: required option '--try <option=values>' not specified\n"],
  ])('%j says what is meant', async (options, message) => {
    const { stderr } = await inProcess(['search', ...flowers, ...options])
    expect(stderr.endsWith(message), stderr).toBe(true)
  })

  it('refuses to write over the data', async () => {
    writeFileSync(file('data.csv'), readFileSync(IRIS))
    for (const option of ['--out', '--out-part']) {
      const args = ['search', file('data.csv'), '-t', 'species', '--try', 'l2=0', option, file('data.csv')]
      const { stderr } = await inProcess(option === '--out' ? args : [...args, '--part', '0/1'])
      expect(stderr).toBe(
        `deltaprop: ${option}: expected another file than the data, got ${file('data.csv')}\n`,
      )
    }
  })
})

describe('deltaprop cross-validate', () => {
  it('is crossValidate, to the bit, as JSON and as text', async () => {
    const args = ['cross-validate', ...flowers, '--folds', '3', '--seed', '2']
    const result = await crossValidate(iris, { model: { ...model, seed: 2 }, fit, folds: 3, seed: 2 })
    const told = JSON.parse(await ok([...args, '--json'])) as { folds: { evaluation: object }[] }
    expect(told).toMatchObject({ metrics: result.metrics, notes: [] })
    expect(told.folds.map(({ evaluation }) => evaluation)).toEqual(
      result.folds.map(({ evaluation }) => evaluation),
    )
    expect(await ok(args)).toBe(
      [
        `Data       ${IRIS}: 150 rows, 5 columns`,
        'Training   3 folds, 5 epochs each, seed 2',
        '',
        String(result),
        '',
      ].join('\n'),
    )
  })

  it('a fold that fails ends it, and is named; in its part as well', async () => {
    const args = ['cross-validate', ...flowers, '--learning-rate', '1e30', '--json']
    const reason = 'fit: the loss is NaN in batch 4 of epoch 1; the weights are those before the first epoch'
    expect(await inProcess(args)).toMatchObject({ code: 1, stderr: `deltaprop: fold 0: ${reason}\n` })
    const part = await inProcess([...args, '--part', '1/2'])
    expect(part).toEqual({ code: 1, stdout: '', stderr: `deltaprop: fold 1: ${reason}\n` })
  })
})
