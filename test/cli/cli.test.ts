import { once } from 'node:events'
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseCsv } from '../../src/data/index.js'
import { Network } from '../../src/index.js'
import { Model } from '../../src/model/index.js'
import { split } from '../../src/selection/index.js'
import { asTerminal, deltaprop, longTraining, outcomeOf, start, terminalOf } from '../support/command.js'

const IRIS = 'examples/data/iris.csv'
const iris = parseCsv(readFileSync(IRIS))
const [header, ...flowers] = readFileSync(IRIS, 'utf8').trim().split(/\r?\n/)

let folder = ''
const file = (name: string): string => join(folder, name)
const write = (name: string, text: string): string => {
  writeFileSync(file(name), text)
  return file(name)
}
const readModel = (path: string): Model => Model.fromBytes(readFileSync(path))

/** A model of all flowers, with which other commands have something to do. */
let model = ''
/** y = 2·x + 1, and one of its texts. */
let line = ''
let lineModel = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'))
  model = file('iris.safetensors')
  lineModel = file('line.safetensors')
  line = write(
    'line.csv',
    [
      'x,where,y',
      ...Array.from({ length: 20 }, (_, x) => `${x},${x % 2 === 0 ? 'here' : 'there'},${2 * x + 1}`),
    ].join('\n'),
  )
  const outcomes = await Promise.all([
    deltaprop(['train', IRIS, '--target', 'species', '--out', model, '--holdout', '0', '--epochs', '50']),
    deltaprop([
      'train',
      line,
      '-t',
      'y',
      '-o',
      lineModel,
      '--hidden',
      'none',
      '--l2',
      '0',
      '--epochs',
      '800',
    ]),
  ])
  expect(outcomes.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
    { code: 0, stderr: '' },
    { code: 0, stderr: '' },
  ])
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('deltaprop train', () => {
  it('one command learns the flowers, >= 95 % of the held-out third, and tells it without control codes', async () => {
    const out = file('plain.safetensors')
    const { code, stdout, stderr } = await deltaprop(['train', IRIS, '--target', 'species', '--out', out])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/)
    expect(stdout.split('\n').filter((text) => text.length > 80)).toEqual([])
    expect(stdout).toContain(`Data       ${IRIS}: 150 rows, 5 columns\n`)
    expect(stdout).toContain('Inputs     numbers: sepal_length, sepal_width, petal_length, petal_width\n')
    expect(stdout).toContain('Target     species, 3 classes: setosa, versicolor, virginica\n')
    expect(stdout).toContain('Rows       100 to train, 50 held out to test\n')
    expect(stdout).toContain(
      'Network    4 → 16 tanh → 3 softmax; 131 parameters, f32, categoricalCrossEntropy\n',
    )
    expect(stdout).toContain('Training   200 epochs, batches of 32, adam at 0.01, seed 1\n')
    expect(stdout).toMatch(/^ +\d\.\d+ ┤╮$/m)
    expect(stdout).toMatch(/^setosa {5}│ {10}17 {11}· {11}·$/m)
    expect(stdout).toContain(`Saved      ${out}, `)
    const [, accuracy] = /^Accuracy +(\d+\.\d) %$/m.exec(stdout) ?? []
    expect(Number(accuracy)).toBeGreaterThanOrEqual(95)
    expect(readdirSync(folder).filter((name) => name.includes('.tmp'))).toEqual([])
  })

  it('that is no matter of the seed: over 20 of them the mean is >= 95.5 %', async () => {
    const accuracyOf = async (seed: number): Promise<number> => {
      const out = file(`seed-${seed}.safetensors`)
      const { stdout } = await deltaprop([
        'train',
        IRIS,
        '-t',
        'species',
        '-o',
        out,
        '--seed',
        String(seed),
        '--json',
      ])
      return (JSON.parse(stdout) as { test: { accuracy: number } }).test.accuracy
    }
    const seeds = Array.from({ length: 20 }, (_, i) => i + 1)
    const accuracies = await Promise.all(seeds.map(accuracyOf))
    expect(accuracies.reduce((sum, accuracy) => sum + accuracy) / 20).toBeGreaterThanOrEqual(0.955)
  })

  it('the held-out rows are those of split, and the model is that of Model, to the bit, for any number of threads', async () => {
    const { train, test } = split(iris, { validation: 0, test: 0.33, seed: 7, target: 'species' })
    const options = ['--target', 'species', '--seed', '7', '--epochs', '5', '--json', '--l2', '0']
    const files = [file('one.safetensors'), file('two.safetensors')]
    const [one] = await Promise.all([
      deltaprop(['train', IRIS, ...options, '--out', files[0]]),
      deltaprop(['train', IRIS, ...options, '--out', files[1], '--threads', '2']),
    ])
    const { adam } = await import('../../src/index.js')
    const same = Model.create(train, {
      target: 'species',
      hidden: [16],
      activation: { hidden: 'tanh' },
      seed: 7,
    })
    const { epochs } = await same.fit(train, { epochs: 5, optimizer: adam({ learningRate: 0.01 }) })
    for (const path of files) expect(readFileSync(path)).toEqual(Buffer.from(same.toBytes()))

    const told = JSON.parse(one.stdout) as Record<string, unknown>
    const { loss, accuracy } = same.evaluate(test) as { loss: number; accuracy: number }
    expect(told).toMatchObject({
      data: { file: IRIS, rows: 150 },
      rows: { train: 100, test: 50 },
      history: { ended: 'epochs', epochs: epochs.map((epoch) => ({ epoch: epoch.epoch, loss: epoch.loss })) },
      test: { loss, accuracy, classes: ['setosa', 'versicolor', 'virginica'] },
      out: files[0],
      isInterrupted: false,
    })
  })

  it('reads JSON lines and standard input, several targets, features and what is ignored', async () => {
    const records = flowers.map((text) => {
      const [length, width, , , species] = text.split(',')
      return JSON.stringify({ length: Number(length), width: Number(width), id: text, species })
    })
    const paths = [file('jsonl.safetensors'), file('several.safetensors')]
    const outcomes = await Promise.all([
      deltaprop(['train', '-', '-t', 'species', '-o', paths[0], '--ignore', 'id', '--epochs', '1'], {
        input: records.join('\n'),
      }),
      deltaprop([
        'train',
        IRIS,
        '-t',
        'petal_length,petal_width',
        '-o',
        paths[1],
        '--features',
        'species',
        '--epochs',
        '1',
      ]),
    ])
    expect(outcomes.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ])
    expect(readModel(paths[0]).inputs.map(({ name }) => name)).toEqual(['length', 'width'])
    expect(readModel(paths[1]).inputs.map(({ name }) => name)).toEqual(['species'])
    expect(readModel(paths[1]).outputs.map(({ name }) => name)).toEqual(['petal_length', 'petal_width'])
    expect(outcomes[1].stdout).toMatch(/^R² +-?\d\.\d{4}, of 2 targets, weighted by their variances$/m)
    expect(outcomes[1].stdout).toMatch(/^target +R² +RMSE +MAE$/m)
    expect(outcomes[1].stdout).toMatch(/^petal_width +-?\d\.\d{4} +\d\S+ +\d\S+\nmean +-?\d/m)
  })

  it('numbers are texts where they are said to be, and a target of few whole numbers says how to take it', async () => {
    const rows = Array.from({ length: 12 }, (_, i) => `${i % 3},${i % 2},${i}`)
    const data = write('codes.csv', ['code,flag,x', ...rows].join('\n'))
    const out = file('codes.safetensors')
    const { stdout } = await deltaprop([
      'train',
      data,
      '-t',
      'flag',
      '-o',
      out,
      '--texts',
      'code',
      '--epochs',
      '1',
    ])
    expect(readModel(out).inputs[0]).toEqual({ name: 'code', kind: 'text', categories: ['0', '1', '2'] })
    expect(stdout).toContain(
      'Target     flag, a number\n           --task classification takes its 2 values for classes\n',
    )
    const { stdout: predicted } = await deltaprop(['predict', out, data])
    expect(predicted.split('\n')).toHaveLength(14)
  })

  it('replaces the file that a link points to, and writes to what is no file', async () => {
    const [target, link] = [write('target.safetensors', 'old'), file('link.safetensors')]
    symlinkSync(target, link)
    const options = ['train', IRIS, '-t', 'species', '--epochs', '1', '-o']
    const [linked, full] = await Promise.all([
      deltaprop([...options, link]),
      deltaprop([...options, '/dev/full']),
    ])
    expect(linked.code).toBe(0)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(readModel(target).inputs).toHaveLength(4)
    expect(full).toMatchObject({
      code: 1,
      stderr: 'deltaprop: /dev/full: expected a file that can be written, got no space left on device\n',
    })
  })

  it('early stopping, validation, a picture of the loss', async () => {
    const [out, plot] = [file('early.safetensors'), file('loss.svg')]
    const options = ['--validation', '0.2', '--patience', '2', '--epochs', '100000', '--plot', plot]
    const { code, stdout } = await deltaprop(['train', IRIS, '-t', 'species', '-o', out, ...options])
    expect(code).toBe(0)
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /Trained \d+ epochs in .*, no better any more; the best one is kept, epoch \d+; last loss/,
    )
    expect(stdout).toMatch(/ training$/m)
    expect(stdout).toMatch(/ validation$/m)
    const svg = readFileSync(plot, 'utf8')
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^]*<\/svg>\n$/)
    expect(svg.match(/<path class="(first|second)" d="M64,/g)).toHaveLength(2)
    expect(svg).not.toContain('NaN')
  })

  it('a loss that is no number ends it, and the model of the last good epoch is saved', async () => {
    const out = file('diverged.safetensors')
    const options = ['--hidden', 'none', '--optimizer', 'sgd', '--learning-rate', '3', '--json']
    const { code, stdout, stderr } = await deltaprop(['train', line, '-t', 'y', '-o', out, ...options])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    const [, epoch] =
      /^deltaprop: fit: .*; .*diverged\.safetensors has the model of epoch (\d+)\n$/.exec(stderr) ?? []
    expect(Number(epoch)).toBeGreaterThan(1)
    expect(Array.from(readModel(out).network.layers[0].weights).every(Number.isFinite)).toBe(true)
  })

  it('Ctrl-C ends after the epoch, and saves: exit code 130', async () => {
    const out = file('interrupted.safetensors')
    const child = start(['train', IRIS, '-t', 'species', '-o', out, '--epochs', '1000000000'])
    const outcome = outcomeOf(child)
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    const { code, stdout, stderr } = await outcome
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: 'ending after this epoch; Ctrl-C again quits at once\n',
    })
    expect(stdout).toMatch(/^Trained +\d[\d,]* epochs? in .*, ended by Ctrl-C; last loss/m)
    expect(stdout.replace(/\s+/g, ' ')).toContain(`Saved ${out}, `)
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/, what was trained so far $/)
    expect(readModel(out).inputs).toHaveLength(4)
  })

  it('a second Ctrl-C quits at once, with nothing saved', async () => {
    const out = file('quit.safetensors')
    const slow = ['--hidden', '1024,1024,1024', '--batch-size', '1']
    const child = start(['train', IRIS, '-t', 'species', '-o', out, ...slow])
    const outcome = outcomeOf(child)
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    await once(child.stderr, 'data')
    child.kill('SIGINT')
    // By the signal itself, for which a shell says 130.
    expect([(await outcome).code, child.signalCode]).toEqual([null, 'SIGINT'])
    expect(readdirSync(folder)).not.toContain('quit.safetensors')
  })
})

describe('deltaprop train --checkpoint', () => {
  it('Ctrl-C leaves a checkpoint too, and says how to go on', async () => {
    const [out, checkpoint] = [file('paused'), file('paused.checkpoint')]
    const command = [...longTraining, '--epochs', '1000000000', '-o', out, '--checkpoint', checkpoint]
    const child = start([...command, '--checkpoint-every', '1000000'])
    const outcome = outcomeOf(child)
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    const { code, stdout } = await outcome
    expect(code).toBe(130)
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      `${checkpoint}, the checkpoint: the same command with --resume goes on `,
    )
    expect(readModel(checkpoint).predict(iris)).toEqual(readModel(out).predict(iris))
  })

  it('refuses a checkpoint of other options, or of other rows', async () => {
    const [out, checkpoint] = [file('once'), file('once.checkpoint')]
    const command = ['train', IRIS, '-t', 'species', '-o', out, '--checkpoint', checkpoint, '--epochs', '3']
    await deltaprop(command)
    const cases: [options: string[], message: string, it?: string][] = [
      [['--batch-size', '16'], 'batchSize: expected 16 as here, got 32'],
      [['--seed', '2'], 'network.seed: expected 2 as here, got 1'],
      [
        ['--holdout', '0.2'],
        'expected a checkpoint of these rows and columns, got one of others: what is read, or chosen of it, has changed',
        'it',
      ],
    ]
    const instead = (it = checkpoint): string =>
      `; delete ${it} or give another path; --resume left out overwrites it\n`
    for (const [others, message, it] of cases) {
      const { code, stderr } = await deltaprop([...command, '--resume', ...others])
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: `deltaprop: ${checkpoint}: ${message}${instead(it)}`,
      })
    }
    const { stderr } = await deltaprop([...command, '--resume', '--epochs', '2'])
    expect(stderr).toBe(`deltaprop: --epochs: expected an integer >= 3, got 2${instead()}`)
  })
})

describe('deltaprop predict', () => {
  const some = [header, ...flowers.slice(0, 3), ...flowers.slice(100, 102)].join('\n')

  it('one line a row: the class, and how probable each is, as the model says', async () => {
    const { code, stdout, stderr } = await deltaprop(['predict', model, IRIS])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [names, ...lines] = stdout.trimEnd().split('\n')
    expect(names).toBe('species,P(setosa),P(versicolor),P(virginica)')
    const answers = readModel(model).predict(iris)
    const expected = answers.map(({ species, probabilities = {} }) =>
      [species as string, ...Object.values(probabilities).map((p) => Number(p.toPrecision(7)))].join(','),
    )
    expect(lines).toEqual(expected)
  })

  it('--json: the answers of the model, to the bit', async () => {
    const { stdout } = await deltaprop(['predict', model, '--json'], { input: some })
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as unknown)
    expect(answers).toEqual(readModel(model).predict(parseCsv(some)))
  })

  it('CSV and JSON lines are the same rows, in a file of any name, with columns more or less', async () => {
    const { rows, columns } = parseCsv(some)
    const records = Array.from({ length: rows }, (_, row) =>
      JSON.stringify(Object.fromEntries(columns.slice(0, 4).map(({ name, values }) => [name, values[row]]))),
    )
    const bare = some.replace(/,\w+$/gm, '')
    const inputs = [
      some,
      bare,
      bare.replaceAll(',', ';'),
      some.replace(/,[a-z]+$/gm, ','),
      records.join('\r\n'),
    ]
    const options = [[], [], ['--delimiter', ';'], [], ['--format', 'jsonl']]
    const outcomes = await Promise.all(
      inputs.map((text, i) => deltaprop(['predict', model, write(`some${i}`, text), ...options[i]])),
    )
    const [{ stdout: expected }] = outcomes
    expect(expected.split('\n')).toHaveLength(7)
    expect(outcomes).toEqual(
      options.map((_, i) => ({
        code: 0,
        stderr: '',
        stdout: i === 2 ? expected.replaceAll(',', ';') : expected,
      })),
    )
  })

  it('numbers in their own units', async () => {
    const { stdout } = await deltaprop(['predict', lineModel], { input: 'where,x\nhere,4\nthere,9\n' })
    const [name, ...values] = stdout.trimEnd().split('\n')
    expect(name).toBe('y')
    expect(Number(values[0])).toBeCloseTo(9, 1)
    expect(Number(values[1])).toBeCloseTo(19, 1)
  })

  it('quotes what needs it', async () => {
    const data = write('quoted.csv', 'x,"the ""kind"""\n1,"a,b"\n2,c\n3,"a,b"\n4,c\n')
    const out = file('quoted.safetensors')
    await deltaprop(['train', data, '-t', 'the "kind"', '-o', out, '--holdout', '0', '--epochs', '1'])
    const { stdout } = await deltaprop(['predict', out, data])
    const { columns, rows } = parseCsv(stdout)
    expect(rows).toBe(4)
    expect(columns.map(({ name }) => name)).toEqual(['the "kind"', 'P(a,b)', 'P(c)'])
  })

  it('answers as rows come, before the input ends', async () => {
    const child = start(['predict', model])
    const outcome = outcomeOf(child)
    const batch = Array.from({ length: 1500 }, (_, i) => `${flowers[i % 150]}\n`).join('')
    child.stdin.write(`${header}\n${batch}`)
    let lines = 0
    for await (const [text] of on(child.stdout)) {
      lines += text.split('\n').length - 1
      if (lines > 1024) break
    }
    child.stdin.end()
    const { code, stderr } = await outcome
    expect({ code, stderr, lines }).toEqual({ code: 0, stderr: '', lines: 1025 })
  })

  it('ends quietly when its reader has seen enough', async () => {
    const child = start(['predict', model])
    const outcome = outcomeOf(child)
    child.stdin.on('error', () => undefined)
    child.stdin.write(`${header}\n${`${flowers.join('\n')}\n`.repeat(200)}`)
    await once(child.stdout, 'data')
    child.stdout.destroy()
    child.stdin.end(`${flowers.join('\n')}\n`.repeat(200))
    const { code, stderr } = await outcome
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})

/** Texts as they come. */
async function* on(stream: NodeJS.ReadableStream): AsyncGenerator<[string]> {
  for (;;) yield (await once(stream, 'data')) as [string]
}

describe('deltaprop evaluate', () => {
  it('--json: the metrics of the model', async () => {
    const { code, stdout, stderr } = await deltaprop(['evaluate', model, IRIS, '--json'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({ rows: 150, ...readModel(model).evaluate(iris) })
  })

  it('a table and a matrix with the names of the classes', async () => {
    const { stdout } = await deltaprop(['evaluate', model, IRIS])
    const { accuracy } = readModel(model).evaluate(iris) as { accuracy: number }
    expect(stdout).toContain('Evaluation  150 rows of examples/data/iris.csv\n')
    expect(stdout).toContain(`Accuracy   ${(100 * accuracy).toFixed(1)} %\n`)
    expect(stdout).toMatch(/^ {11}│ {6}setosa {2}versicolor {3}virginica$/m)
    expect(stdout).toMatch(/^class +precision +recall +F1 +rows$/m)
    expect(stdout).toMatch(/^setosa +100\.0 % +100\.0 % +100\.0 % +50$/m)
  })

  it('a regression, of standard input', async () => {
    const { stdout } = await deltaprop(['evaluate', lineModel], { input: readFileSync(line) })
    expect(stdout).toMatch(/^R² +(1\.0000|0\.999\d)$/m)
    expect(stdout).toMatch(/^RMSE +\d\.\d+(e-\d+)?, root of the mean squared error /m)
  })
})

describe('what a file has not got', () => {
  it('a name that a record lacks is 0 to a model of pairs, in evaluate as in predict', async () => {
    const pairs = [
      { input: { red: 1 }, output: { light: 1 } },
      { input: { blue: 1 }, output: { light: 0 } },
    ]
    const path = file('pairs.safetensors')
    writeFileSync(path, Model.create(pairs, { seed: 1 }).toBytes())
    const lines = '{"red":1,"light":1}\n{"blue":1,"light":0}\n'
    for (const command of ['evaluate', 'predict']) {
      const { code, stderr } = await deltaprop([command, path, '--json'], { input: lines })
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    }
  })

  it('an empty text is a category where it was one, in explain as in predict', async () => {
    const data = write('empty-texts.csv', 'c,y\na,1\n,2\na,1\n,2\n')
    const out = file('empty-texts.safetensors')
    const trained = await deltaprop([
      ...['train', data, '-t', 'y', '-o', out, '--missing', '0', '--holdout', '0', '--epochs', '1'],
    ])
    expect(trained.stderr).toBe('')
    for (const args of [
      ['predict', out, data],
      ['explain', out, '-d', data, '--row', '2'],
    ]) {
      const { code, stderr } = await deltaprop(args)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    }
  })

  it('--texts takes numbers and texts of JSON lines for classes', async () => {
    const lines = ['x', 1, 'x', 1].map((t, a) => JSON.stringify({ a, t })).join('\n')
    const options = ['-t', 't', '-o', file('texts.safetensors'), '--holdout', '0', '--epochs', '1']
    const { code, stdout, stderr } = await deltaprop(['train', '-', ...options, '--texts', 't'], {
      input: lines,
    })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('Target     t, 2 classes: 1, x\n')
    const refused = await deltaprop(['train', '-', ...options], { input: lines })
    expect(refused.stderr).toMatch(/row 2, column t: .*--texts t /)
  })

  it('no line at all has no row', async () => {
    const { stderr } = await deltaprop(['train', '-', '-t', 'a', '-o', file('never'), '--format', 'jsonl'])
    expect(stderr).toBe('deltaprop: standard input: expected at least 1 row, got 0\n')
  })
})

describe('deltaprop inspect', () => {
  it('columns, layers, training, weights', async () => {
    const { code, stdout, stderr } = await deltaprop(['inspect', model])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(
      'Network    4 → 16 tanh → 3 softmax; 131 parameters, f32, categoricalCrossEntropy\n',
    )
    expect(stdout).toContain('Training   50 epochs, 250 updates of adam at 0.01\n')
    expect(stdout).toMatch(/^in +petal_width +number +standardised: mean 1\.199, deviation 0\.7597$/m)
    expect(stdout).toMatch(/^out +species +text +one-hot: setosa, versicolor, virginica$/m)
    expect(stdout).toMatch(/^2 +16 +3 +softmax +51 /m)
    expect(stdout).toMatch(/^layer 2 {2}3 × 16$/m)
  })

  it('--json, and files of networks: safetensors and JSON', async () => {
    const net = new Network([2, 3, 1], { seed: 5, activation: { type: 'leakyRelu', slope: 0.1 } })
    const path = file('net.safetensors')
    writeFileSync(path, net.toBytes())
    const [own, plain, json] = await Promise.all([
      deltaprop(['inspect', model, '--json']),
      deltaprop(['inspect', path, '--json']),
      deltaprop(['inspect', write('net.json', JSON.stringify(net))]),
    ])
    expect(JSON.parse(own.stdout)).toMatchObject({
      kind: 'model',
      parameters: 131,
      inputs: readModel(model).inputs,
      training: { epochs: 50, optimizer: { type: 'adam', learningRate: 0.01 } },
    })
    const { layers, ...others } = JSON.parse(plain.stdout) as {
      layers: { weights: { histogram: number[] } }[]
    }
    expect(others).toMatchObject({ kind: 'network', seed: 5, inputs: 2, outputs: 1, network: String(net) })
    expect(layers.map(({ weights }) => weights.histogram.reduce((sum, n) => sum + n, 0))).toEqual([6, 3])
    expect(json.stdout).toContain('a network, without pre-processing\n')
    expect(json.stdout).toMatch(/^Training +0 epochs, no optimiser yet$/m)
  })
})

describe('deltaprop explain', () => {
  it('from the row to the network, through the derivation, to the answer', async () => {
    const { code, stdout, stderr } = await deltaprop(['explain', model, '--data', IRIS, '--row', '3'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const own = readModel(model)
    const record = {
      sepal_length: 4.7,
      sepal_width: 3.2,
      petal_length: 1.3,
      petal_width: 0.2,
      species: 'setosa',
    }
    const { x, y = [] } = own.encode([record])
    expect(stdout).toContain(`Input  row 3 of ${IRIS}\n`)
    expect(stdout).toContain(`sepal_length    4.7  (v − 5.843) / 0.8253  ${x[0].toPrecision(6)}\n`)
    expect(stdout).toContain(String(own.network.trace(x, y)))
    expect(stdout).toMatch(/^setosa +9\d\.\d % {2}█+$/m)
    expect(stdout).toMatch(/\nPrediction species = setosa\nTarget {5}species = setosa\n$/)
  })

  it('a record, a row of standard input; without a target it ends with the prediction', async () => {
    const [given, piped] = await Promise.all([
      deltaprop(['explain', lineModel, '{"x": 4, "where": "here"}']),
      deltaprop(['explain', lineModel, '--row', '2', '--json'], { input: 'x,where,y\n3,here,\n4,here,9\n' }),
    ])
    expect(given.stdout).toContain('1 of 2 for its text')
    expect(given.stdout).toContain('\nThe row has no y: there is no loss, and nothing to go back from.\n')
    expect(given.stdout).not.toContain('Backward')
    const { record, y, loss, layers } = JSON.parse(piped.stdout) as Record<string, unknown>
    expect(record).toEqual({ x: 4, where: 'here', y: 9 })
    expect(y).toHaveLength(1)
    expect(loss).toBeLessThan(0.01)
    expect(layers).toMatchObject([{ dC_dz: [expect.any(Number)] }])
  })
})

describe('a terminal', () => {
  const command = (): string[] => [
    'train',
    IRIS,
    '-t',
    'species',
    '-o',
    file('tty.safetensors'),
    '--epochs',
    '20',
  ]

  it('has colours, and a bar on standard error', async () => {
    const { stdout, stderr } = await deltaprop(command(), { node: asTerminal })
    expect(stdout).toContain('\x1b[1mData')
    expect(stderr).toContain('░')
  })

  it('of few columns has no longer lines', async () => {
    const outcomes = await Promise.all(
      [command(), ['inspect', model], ['explain', model, '-d', IRIS], ['evaluate', model, IRIS]].map((args) =>
        deltaprop(args, { node: terminalOf(50), env: { NO_COLOR: '1' } }),
      ),
    )
    for (const { code, stdout } of outcomes) {
      expect(code).toBe(0)
      expect(stdout.split('\n').filter((text) => Array.from(text).length > 50)).toEqual([])
    }
  })

  it('is not what the log of a build is, however colours are forced there', async () => {
    const { stdout, stderr } = await deltaprop(command(), { env: { CI: 'true', FORCE_COLOR: '1' } })
    expect(stdout + stderr).not.toContain('\x1b')
  })

  it('has no colours where NO_COLOR is set', async () => {
    const { stdout, stderr } = await deltaprop(command(), { node: asTerminal, env: { NO_COLOR: '1' } })
    expect(stdout).not.toContain('\x1b')
    expect(stderr).not.toMatch(/\x1b\[\d*m/)
  })
})

describe.concurrent('help', () => {
  it.each(['train', 'predict', 'evaluate', 'inspect', 'explain', 'bench'])(
    'of %s, in lines of 80 characters',
    async (name) => {
      const { code, stdout, stderr } = await deltaprop([name, '--help'])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toMatch(new RegExp(`^Usage: deltaprop ${name} `))
      expect(stdout.split('\n').filter((text) => text.length > 80)).toEqual([])
      if (name !== 'bench') expect(stdout).toContain(`\nExamples:\n  deltaprop ${name} `)
    },
  )

  it('of all, and the version', async () => {
    const [help, version] = await Promise.all([deltaprop(['--help']), deltaprop(['--version'])])
    expect(help.stdout).toContain('  deltaprop train iris.csv --target species --out iris.safetensors\n')
    const { version: expected } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(version).toEqual({ code: 0, stdout: `${expected}\n`, stderr: '' })
  })
})

describe.concurrent('errors', () => {
  it.each<[args: string[], message: string]>([
    [['trian'], `unknown command 'trian' (Did you mean train?)`],
    [['train', 'x.csv', '--taget', 'y'], `unknown option '--taget' (Did you mean --target?)`],
    [['train', 'x.csv', '--lr', '1'], `unknown option '--lr' (Did you mean --learning-rate?)`],
    [
      ['train', 'x.csv', '--validation-split', '1'],
      `unknown option '--validation-split' (Did you mean --validation?)`,
    ],
    [['train', 'x.csv', '--sep', ';'], `unknown option '--sep' (Did you mean --delimiter?)`],
    [['predict', 'x', '--frobnicate'], `unknown option '--frobnicate'`],
    [['predict', 'x', '-q'], `unknown option '-q'`],
    [['train', 'x.csv', '-o', 'm'], `required option '-t, --target <columns>' not specified`],
    [['train', '-t', 'y', '-o', 'm'], `missing required argument 'data'`],
    [['train', 'x.csv', '-t'], `option '-t, --target <columns>' argument missing`],
    [['inspect', 'a', 'b'], `too many arguments for 'inspect'. Expected 1 argument but got 2.`],
  ])('%j: no command understands it, exit code 2', async (args, message) => {
    expect(await deltaprop(args)).toEqual({ code: 2, stdout: '', stderr: `deltaprop: ${message}\n` })
  })

  it('no command at all: the help on standard error, exit code 2', async () => {
    const { code, stdout, stderr } = await deltaprop([])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^Usage: deltaprop /)
  })

  const train = (...options: string[]): string[] => [
    'train',
    IRIS,
    '-t',
    'species',
    '-o',
    file('never'),
    ...options,
  ]
  const columns = 'sepal_length, sepal_width, petal_length, petal_width, species'
  it.each<[args: () => string[], message: string, input?: string]>([
    [() => train('--epochs', 'many'), '--epochs: expected an integer >= 1, got "many"'],
    [() => train('--epochs', '0'), '--epochs: expected an integer >= 1, got 0'],
    [() => train('--holdout', '1'), '--holdout: expected a number >= 0 and < 1, got 1'],
    [
      () => train('--holdout', '0.001'),
      '--holdout: expected a fraction that leaves rows on both sides, got 0.001 of 150',
    ],
    [() => train('--hidden', '16,x'), '--hidden: expected an integer >= 1, got "x"'],
    [() => train('--missing', 'mean'), '--missing: expected error, drop or a number, got "mean"'],
    [
      () => train('--activation', 'softmax'),
      '--activation: expected one of linear, sigmoid, tanh, relu, leakyRelu, elu, selu, softplus, softsign, gelu, geluTanh, silu, mish, hardSigmoid, got "softmax"',
    ],
    [
      () => train('--delimiter', ';;'),
      '--delimiter: expected one ASCII character, no letter, digit, point, sign, quote or line break, got ";;"',
    ],
    [() => train('--texts', 'id'), `--texts: expected columns of the data (${columns}), got id`],
    [
      () => train('--optimizer', 'Adam'),
      '--optimizer: expected one of sgd, adagrad, rmsprop, adadelta, adam, adamw, nadam, rprop, got "Adam"; did you mean adam?',
    ],
    [
      () => train('--label-smoothing', '0.1', '-t', 'sepal_width'),
      '--label-smoothing: expected targets that are classes: rows of one 1, or one column of 0 and 1',
    ],
    [() => train('--threads', '1000'), '--threads: expected an integer >= 1 and <= 64, got 1000'],
    [() => train('--resume'), '--resume: expected --checkpoint beside it'],
    [() => train('--checkpoint-every', '2'), '--checkpoint-every: expected --checkpoint beside it'],
    [
      () => train('--checkpoint', file('never')),
      '--checkpoint: expected another file than that of --out, got FOLDER/never',
    ],
    [() => train('--plot', IRIS), `--plot: expected another file than the data, got ${IRIS}`],
    [() => train('-o', '-'), '--out: expected the name of a file, got "-"'],
    [() => train('-o', '.'), '.: expected a file that can be written, got a directory'],
    [
      () => train('--ignore', 'species_'),
      `--ignore: expected columns of the data (${columns}), got species_; did you mean species?`,
    ],
    [() => train('--ignore', 'id'), `--ignore: expected columns of the data (${columns}), got id`],
    [() => train('--ignore', 'x', '--features', 'y'), '--ignore: expected none beside --features'],
    [
      () => ['train', IRIS, '-t', 'kind', '-o', file('never')],
      `--target: expected columns of the data (${columns}), got kind`,
    ],
    [
      () => ['train', IRIS, '-t', 'species', '-o', join(folder, 'no', 'm')],
      'FOLDER/no/m: expected a file in a folder that can be written',
    ],
    [
      () => ['train', IRIS, '-t', 'species', '-o', `${IRIS}/m`],
      `${IRIS}/m: expected a file in a folder that can be written`,
    ],
    [
      () => ['train', 'no.csv', '-t', 'y', '-o', file('never')],
      'no.csv: expected a file that can be read, got no such file or directory',
    ],
    [
      () => ['train', '-', '-t', 'y', '-o', file('never')],
      'standard input: line 3, column x: expected a value, got "", a missing one; --missing drop leaves out such rows',
      'x,y\n1,2\n,3\n',
    ],
    [
      () => ['train', '-', '-t', 'y', '-o', file('never')],
      'standard input: expected at least 1 row, got 0',
      'x,y\n',
    ],
    [
      () => ['train', '-', '-t', 'y', '-o', file('never'), '--seed', '4'],
      'standard input: row 4, column c: expected one of a, got "b"; --unknown zeros in training takes it for none of them',
      'c,y\na,1\na,2\na,3\nb,4\na,5\na,6\n',
    ],
    [
      () => ['train', '-', '-t', 'y', '-o', file('never')],
      '--holdout: expected a fraction that leaves rows on both sides, got 0.33 of 1',
      'x;y\n1;2\n',
    ],
    [
      () => ['train', '-', '-t', 'y', '-o', file('never')],
      'standard input: line 4, column x: expected a number without "cm", as in 3 of 4 rows, got "3 cm"; --texts x takes all for texts',
      'x,y\n1,2\n2,3\n3 cm,4\n4,5\n',
    ],
    [
      () => ['explain', model, '-d', '-'],
      'standard input: row 1, column petal_width: expected a value, got a missing one',
      `${header}\n1,2,3,,\n`,
    ],
    [() => ['explain', model, '{}', '-d', IRIS], '--data: expected none beside a record'],
    [
      () => ['train', '-', '-t', 'y', '-o', file('never')],
      '--holdout: expected a class with rows on both sides, got none; 0 holds out no row of 3',
      'x,y\n1,a\n2,b\n3,c\n',
    ],
    [
      () => ['train', '-', '-t', 'y', '-o', file('never')],
      'standard input: row 2, column y: expected a value, got none, a missing one; --missing drop leaves out such rows',
      '{"x":1,"y":"a"}\n{"x":2}\n{"x":2,"y":"a"}\n{"x":2,"y":"a"}\n',
    ],
    [
      () => ['train', '-', '-t', 'y', '-o', file('never')],
      'standard input: expected a line with the names of the columns, got none',
    ],
    [
      () => ['predict', IRIS],
      `${IRIS}: expected a model: safetensors, JSON, or a file of another tool, got something else`,
    ],
    [
      () => ['predict', 'no.safetensors'],
      'no.safetensors: expected a file that can be read, got no such file or directory',
    ],
    [() => ['predict', model, '.'], '.: expected a file that can be read, got a directory'],
    [
      () => ['predict', model],
      'standard input: row 1, column sepal_width: expected a value, got a missing one; --missing takes a number for it',
      `${header}\n1,,3,4,\n`,
    ],
    [
      () => ['predict', model],
      'standard input: line 3, column petal_width: expected a number, got "wide"',
      `${header}\n1,2,3,4,\n1,2,3,wide,\n`,
    ],
    [
      () => ['predict', model],
      'standard input: expected a column petal_width',
      'sepal_length,sepal_width,petal_length\n1,2,3\n',
    ],
    [
      () => ['predict', model],
      'standard input: line 2: expected a JSON object, got "{1"',
      '{"sepal_length":1,"sepal_width":2,"petal_length":3,"petal_width":4}\n{1\n',
    ],
    [
      () => ['predict', lineModel],
      'standard input: row 1500, column where: expected one of here, there, got "nowhere"',
      `x,where\n${'1,here\n'.repeat(1499)}1,nowhere\n`,
    ],
    [
      () => ['explain', model, '--row', '151', '-d', IRIS],
      `--row: expected a row of ${IRIS}, which has 150, got 151`,
    ],
    [
      () => ['explain', lineModel, IRIS],
      `record: expected a JSON object, got "${IRIS}"; --data reads a file`,
    ],
    [() => ['explain', lineModel, '[1]'], 'record: expected a JSON object, got an array'],
    [() => ['explain', lineModel, '{"x": 1}'], 'record: expected a column where'],
    [
      () => ['evaluate', model],
      'standard input: expected a column species, the target',
      'sepal_length,sepal_width,petal_length,petal_width\n1,2,3,4\n',
    ],
  ])('case %#: the message, no stack, exit code 1', async (args, message, input = '') => {
    const { code, stdout, stderr } = await deltaprop(args(), { input })
    expect({ code, stderr: stderr.replace(folder, 'FOLDER') }).toEqual({
      code: 1,
      stderr: `deltaprop: ${message}\n`,
    })
    expect(stdout.split('\n').length).toBeLessThan(1500)
    expect(readdirSync(folder)).not.toContain('never')
  })

  it('a model file that is damaged', async () => {
    const bytes = readFileSync(model)
    writeFileSync(file('damaged'), bytes.subarray(0, bytes.length - 8))
    const { code, stderr } = await deltaprop(['inspect', file('damaged')])
    expect({ code, lines: stderr.split('\n').length }).toEqual({ code: 1, lines: 2 })
    expect(stderr).toMatch(/^deltaprop: .*damaged: /)
  })

  it('nothing is written before what is read is understood', async () => {
    const { code, stdout } = await deltaprop(['predict', model], { input: 'a,b\n1,2\n' })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  })

  it('messages with control characters do not either', async () => {
    const { stderr } = await deltaprop(['predict', lineModel], { input: 'x,where\n1,\u009b31mhere\n' })
    expect(stderr).toContain('got "·31mhere"')
  })

  it('names with control characters do not reach the terminal', async () => {
    const data = write('evil.csv', 'x,y\x1b[31m,z\n1,a\x07,2\n2,b,3\n3,a\x07,4\n4,b,5\n')
    const options = ['-t', 'y\x1b[31m', '-o', file('evil.safetensors'), '--holdout', '0.5', '--epochs', '2']
    const outcomes = [await deltaprop(['train', data, ...options])]
    for (const command of [
      ['evaluate', file('evil.safetensors'), data],
      ['inspect', file('evil.safetensors')],
      ['explain', file('evil.safetensors'), '-d', data],
    ])
      outcomes.push(await deltaprop(command))
    for (const { code, stdout } of outcomes) {
      expect(code).toBe(0)
      expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/)
    }
  })
})
