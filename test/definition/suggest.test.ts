import { describe, expect, it } from 'vitest'
import { activationNames } from '../../src/definition/activations.js'
import { evaluate, adam, Network, sgd } from '../../src/index.js'
import { csvBatches, parseCsv } from '../../src/data/index.js'
import { initializerNames } from '../../src/definition/initializers.js'
import { lossNames } from '../../src/definition/losses.js'
import { Model } from '../../src/model/index.js'
import { optimizerNames } from '../../src/definition/optimizers.js'
import { crossValidate, gridSearch, split } from '../../src/selection/index.js'
import { suggestion } from '../../src/base/suggest.js'

/** What a caller without types might pass. */
const any = (value: unknown): never => value as never

/** What is said of a name behind what is expected and what came. */
async function hint(action: () => unknown): Promise<string> {
  const message = await new Promise((resolve) => resolve(action())).then(() => 'no error', String)
  const parts = message.split('; ')
  return parts.length > 1 ? parts.slice(1).join('; ') : `nothing: ${message}`
}

const data = { x: [1, 2], y: [1] }
const net = new Network([2, 1], { seed: 1 })
const rows = [
  { size: 1, colour: 'red', kind: 'apple' },
  { size: 2, colour: 'green', kind: 'melon' },
]

it('a name of data is shown as in all messages: without its control characters', () => {
  expect(suggestion('colou', ['colour\u001b[31m'])).toBe('')
  expect(suggestion('colour', ['colour\u001b'])).toBe('did you mean "colour\\u001b"?')
  expect(suggestion('new york', ['New York', 'Rome'])).toBe('did you mean New York?')
})

describe('a misspelt name', () => {
  const known = [...activationNames]
  it.each([
    ['sigmoyd', 'sigmoid'],
    ['sigmiod', 'sigmoid'],
    ['Sigmoid', 'sigmoid'],
    ['relu ', 'relu'],
    ['rleu', 'relu'],
    ['leaky-relu', 'leakyRelu'],
    ['leaky_relu', 'leakyRelu'],
    ['LeakyReLU', 'leakyRelu'],
    ['hard_sigmoid', 'hardSigmoid'],
    ['soft max', 'softmax'],
    ['softmx', 'softmax'],
  ])('%s is %s', (given, meant) => expect(suggestion(given, known)).toBe(`did you mean ${meant}?`))

  it('is every known name with a letter left out, one too many, another or two exchanged, or none', () => {
    for (const names of [activationNames, lossNames, initializerNames, optimizerNames]) {
      for (const name of names) {
        for (let i = 1; i < name.length; ++i) {
          const [head, tail] = [name.slice(0, i), name.slice(i)]
          const slips = [head + tail.slice(1), `${head}q${tail}`, `${head}q${tail.slice(1)}`]
          const swapped = head.slice(0, -1) + tail[0] + head[i - 1] + tail.slice(1)
          for (const slip of [...slips, swapped]) {
            if (names.some((each) => each.toLowerCase() === slip.toLowerCase())) continue
            // Some are as near to another: selu without its first letters is relu's, too.
            expect([`did you mean ${name}?`, '', ...others(slip, names, name)]).toContain(
              suggestion(slip, names),
            )
          }
        }
      }
    }
  })

  /** Names that a slip of one is, too. */
  function others(slip: string, names: readonly string[], name: string): string[] {
    const isShort = slip.length < 6
    return names.filter((each) => each !== name && isShort).map((each) => `did you mean ${each}?`)
  }

  it.each([
    'Dense',
    'banana',
    'gpu',
    'exponential',
    'softmin',
    'celu',
    'relu6',
    'x',
    '',
    '??',
    'a'.repeat(100),
    'hardswish',
  ])('%j is like none', (given) => expect(suggestion(given, known)).toBe(''))

  it.each(['lbfgs', 'radam', 'adamax', 'ftrl', 'adamx', 'Optimizer'])('%s is no optimiser', (given) =>
    expect(suggestion(given, optimizerNames)).toBe(''),
  )

  it('is none of names with other digits', () => {
    expect(suggestion('x10', ['x11', 'y'])).toBe('')
    expect(suggestion('beta3', ['beta1', 'momentum'])).toBe('')
    expect(suggestion('l3', ['l1', 'l2'])).toBe('')
  })

  it('is nothing where there is no letter', () => {
    expect(suggestion('??', ['', 'a'])).toBe('')
    expect(suggestion('', ['a', '-'])).toBe('')
  })

  it('is not looked for where two are as near', () => expect(suggestion('bat', ['cat', 'rat'])).toBe(''))

  it('is one of other scripts, too', () => {
    expect(suggestion('größse', ['größe', 'preis'])).toBe('did you mean größe?')
    expect(suggestion('价格', ['价 格', '数量'])).toBe('did you mean 价 格?')
  })
})

describe('a name of another library', () => {
  const losses: [string, string][] = [
    ['mse', 'halfSquared'],
    ['MSELoss', 'halfSquared'],
    ['mean_squared_error', 'halfSquared'],
    ['mae', 'meanAbsolute'],
    ['L1Loss', 'meanAbsolute'],
    ['mean_absolute_error', 'meanAbsolute'],
    ['smooth_l1', 'huber'],
    ['HuberLoss', 'huber'],
    ['BCELoss', 'binaryCrossEntropy'],
    ['BCEWithLogitsLoss', 'binaryCrossEntropy'],
    ['binary_crossentropy', 'binaryCrossEntropy'],
    ['sparse_categorical_crossentropy', 'categoricalCrossEntropy'],
    ['CrossEntropyLoss', 'categoricalCrossEntropy'],
  ]
  it.each(losses)('loss %s is %s', async (loss, meant) => {
    const said = await hint(() => new Network([2, 1], { loss: any(loss) }))
    expect(said).toBe(`did you mean ${meant}?`)
  })

  it.each([
    ['swish', 'silu'],
    ['SiLU', 'silu'],
    ['logistic', 'sigmoid'],
    ['identity', 'linear'],
    ['IDENTITY', 'linear'],
    ['PReLU', 'leakyRelu'],
    ['log_softmax', 'softmax'],
    ['gelu_tanh', 'geluTanh'],
  ])('activation %s is %s', async (activation, meant) => {
    const options = { activation: { hidden: any(activation) } }
    expect(await hint(() => new Network([2, 3, 1], options))).toBe(`did you mean ${meant}?`)
  })

  it.each([
    ['xavier', 'glorotNormal'],
    ['xavier_uniform_', 'glorotUniform'],
    ['glorot_uniform', 'glorotUniform'],
    ['he_normal', 'heNormal'],
    ['kaiming', 'heNormal'],
    ['kaiming_uniform_', 'heUniform'],
    ['RandomNormal', 'normal'],
    ['random_uniform', 'uniform'],
  ])('initialiser %s is %s', async (initializer, meant) => {
    expect(await hint(() => new Network([2, 1], { initializer: any(initializer) }))).toBe(
      `did you mean ${meant}?`,
    )
  })

  it.each([
    ['Adam', 'adam'],
    ['SGD', 'sgd'],
    ['RMSprop', 'rmsprop'],
    ['RMSProp', 'rmsprop'],
    ['AdamW', 'adamw'],
    ['Nadam', 'nadam'],
    ['Adadelta', 'adadelta'],
  ])('optimiser %s is %s', async (optimizer, meant) => {
    expect(await hint(() => net.fit(data, { optimizer: any(optimizer) }))).toBe(`did you mean ${meant}?`)
    expect(await hint(() => net.train([1, 2], [1], any({ type: optimizer })))).toBe(`did you mean ${meant}?`)
  })

  it.each([
    [{ lr: 0.1 }, 'learningRate'],
    [{ learning_rate: 0.1 }, 'learningRate'],
    [{ eta: 0.1 }, 'learningRate'],
    [{ weight_decay: 0.1 }, 'weightDecay'],
    [{ eps: 0.1 }, 'epsilon'],
    [{ beta_1: 0.1 }, 'beta1'],
  ])('hyper-parameter %j is %s', async (options, meant) => {
    expect(await hint(() => adam(any(options)))).toBe(`did you mean ${meant}?`)
  })

  const rate = 'it belongs to the optimizer: { optimizer: adam({ learningRate: 0.01 }) }'
  const network = "it belongs to the network: new Network([2, 8, 1], { activation: 'tanh', seed: 1 })"
  it.each<[object, string]>([
    [{ epoch: 1 }, 'did you mean epochs?'],
    [{ n_iter: 1 }, 'did you mean epochs?'],
    [{ max_iter: 1 }, 'did you mean epochs?'],
    [{ n_epochs: 1 }, 'did you mean epochs?'],
    [{ iterations: 1 }, 'did you mean epochs?'],
    [{ batch_size: 1 }, 'did you mean batchSize?'],
    [{ validation_split: 0.1 }, 'did you mean validation?'],
    [{ validationData: data }, 'did you mean validation?'],
    [{ verbose: 1 }, 'did you mean progress?'],
    [{ callbacks: [] }, 'did you mean onEpoch?'],
    [{ onEpochEnd: () => 1 }, 'did you mean onEpoch?'],
    [{ class_weight: {} }, 'did you mean classWeights?'],
    [{ clipnorm: 1 }, 'did you mean clipGradients?'],
    [{ n_jobs: 1 }, 'did you mean threads?'],
    [{ lr: 0.1 }, rate],
    [{ learningRate: 0.1 }, rate],
    [{ momentum: 0.1 }, rate],
    [{ weight_decay: 0.1 }, rate],
    [{ random_state: 0 }, network],
    [{ hidden_layer_sizes: [3] }, network],
    [{ patience: 3 }, 'it belongs to earlyStopping: { patience: 10 }'],
    [{ resume: true }, "it belongs to checkpointFile({ path: 'xor.checkpoint', resume: true })"],
    [{ precision: 'f64' }, network],
    [{ earlyStopping: { monitor: 'loss' } }, 'it watches the loss, of the validation if there is one'],
    [{ sample_weight: [1] }, 'it belongs to the data: { x, y, weights }'],
    [{ early_stopping: { Patience: 3 } }, 'did you mean earlyStopping?'],
    [{ earlyStopping: { pacience: 3 } }, 'did you mean patience?'],
    [{ schedule: 'StepLR' }, 'did you mean step?'],
    [{ schedule: { type: 'CosineAnnealingLR' } }, 'did you mean cosine?'],
    [{ schedule: 'ReduceLROnPlateau' }, 'did you mean reduceOnPlateau?'],
    [{ schedule: { type: 'cosine', T_max: 3 } }, 'did you mean totalSteps?'],
    [{ schedule: { type: 'step', step_size: 3 } }, 'did you mean stepSize?'],
  ])('option of fit %j', async (options, said) => {
    expect(await hint(() => net.fit(data, any(options)))).toBe(said)
  })

  it.each([{ frobnicate: 1 }, { gpu: true }, { tol: 1 }, { patch: 1 }])(
    'option of fit %j is none',
    async (options) => {
      expect(await hint(() => net.fit(data, any(options)))).toMatch(/^nothing: /)
    },
  )

  const fit = 'it belongs to fit: fit(data, { epochs: 10, optimizer: adam({ learningRate: 0.01 }) })'
  const sizes = 'the sizes come first: new Network([2, 8, 1], options)'
  it.each<[object, string]>([
    [{ hiddenLayers: [3] }, sizes],
    [{ hidden_layer_sizes: [3] }, sizes],
    [{ units: 3 }, sizes],
    [{ lr: 0.1 }, fit],
    [{ learningRate: 0.1 }, fit],
    [{ epochs: 3 }, fit],
    [{ dropout: 0.5 }, fit],
    [{ random_state: 1 }, 'did you mean seed?'],
    [{ dtype: 'f64' }, 'did you mean precision?'],
    [{ precision: 'float64' }, 'did you mean f64?'],
    [{ kernel_initializer: 'zeros' }, 'did you mean initializer?'],
    [{ activation: ['relu'] }, "such as 'tanh', or { hidden: 'tanh', output: 'linear' }"],
    [{ activation: Math.tanh }, "such as 'tanh', or { hidden: 'tanh', output: 'linear' }"],
    [{ initializer: 5 }, "such as 'heNormal'"],
  ])('option of a network %j', async (options, said) => {
    expect(await hint(() => new Network([2, 1], any(options)))).toBe(said)
  })

  const layer = "{ units: 8, activation: 'tanh' }"
  it.each<[unknown, string]>([
    [{ inputs: 2, layers: [{ neurons: 3 }] }, 'did you mean units?'],
    [{ inputs: 2, layers: [{ type: 'Dense', units: 3 }] }, `a layer is dense, ${layer}`],
    [{ inputs: 2, layers: ['Dense'] }, `a layer is ${layer}`],
    [{ inputs: 2, layers: [3, 1] }, `a layer is ${layer}`],
    [{ inputs: 2, layers: [{ units: 3 }], activation: 'relu' }, `it belongs to a layer: ${layer}`],
    [{ inputSize: 2, layers: [] }, 'did you mean inputs?'],
    [5, 'such as [2, 8, 1]'],
  ])('network %j', async (options, said) => {
    expect(await hint(() => new Network(any(options)))).toBe(said)
  })

  it.each<[object, string]>([
    [{ xs: [1, 2], ys: [1] }, 'did you mean x?'],
    [{ inputs: [1, 2], labels: [1] }, 'did you mean x?'],
    [{ x: [1, 2], target: [1] }, 'nothing'],
    [{ x: [1, 2], targets: [1] }, 'did you mean y?'],
    [{ X: [1, 2], Y: [1] }, 'did you mean x?'],
    [{ ...data, sample_weights: [1] }, 'did you mean weights?'],
    [
      parseCsv('a,b\n1,2\n'),
      'x has all inputs, y all outputs; tables, rows and pairs with names are for Model',
    ],
    [[{ input: [1, 2], output: [1] }], 'x has all inputs, y all outputs; tables, rows and pairs'],
    [[{ size: 1, kind: 'apple' }], 'x has all inputs, y all outputs; tables, rows and pairs'],
    [[[1, 2]], 'samples are one object, { x, y }'],
  ])('data %j', async (given, said) => {
    expect(await hint(() => net.fit(any(given)))).toContain(said)
  })
})

describe('elsewhere', () => {
  it.each<[string, () => unknown, string]>([
    ['columns', () => Model.create(rows, { target: 'kinds' }), 'did you mean kind?'],
    ['columns far off', () => Model.create(rows, { target: 'weight' }), 'nothing'],
    ['features', () => Model.create(rows, { target: 'kind', features: ['Colour'] }), 'did you mean colour?'],
    ['model options', () => Model.create(rows, any({ label: 'kind' })), 'did you mean target?'],
    ['hidden layers', () => Model.create(rows, any({ target: 'kind', units: 3 })), 'did you mean hidden?'],
    [
      'epochs of a model',
      () => Model.create(rows, any({ target: 'kind', epochs: 3 })),
      'it belongs to fit: fit(data, { epochs: 10, optimizer: adam({ learningRate: 0.01 }) })',
    ],
    [
      'validation of a model',
      () => Model.create(rows, any({ target: 'kind', validation: 0.2 })),
      'it belongs to fit',
    ],
    [
      'missing values of a model',
      () => Model.create(rows, any({ target: 'kind', missing: 'drop' })),
      'it belongs to what reads the file, such as readCsv',
    ],
    [
      'kinds of a model',
      () => Model.create(rows, any({ target: 'kind', kinds: {} })),
      'it belongs to what reads the file, such as readCsv',
    ],
    [
      'columns that a model ignores',
      () => Model.create(rows, any({ target: 'kind', ignore: ['size'] })),
      'features has the columns to predict from',
    ],
    ...['target', 'hidden', 'scale', 'seed'].map((name): [string, () => unknown, string] => [
      `${name} of a fit`,
      () => Model.create(rows, { target: 'kind' }).fit(rows, any({ [name]: 1 })),
      'it belongs to Model.create',
    ]),
    [
      'columns that are not read',
      () => parseCsv('a\n1\n', any({ ignore: ['a'] })),
      "columns: (names) => names.filter((name) => name !== 'id') leaves one out",
    ],
    [
      'texts of a file',
      () => parseCsv('a\n1\n', any({ texts: ['a'] })),
      "kinds: { zip: 'text' } makes texts",
    ],
    ['rows of a table', () => parseCsv('a\n1\n', any({ batchRows: 9 })), 'it belongs to csvBatches'],
    ['chunks of a file', () => csvBatches('a\n1\n', any({ chunksize: 9 })), 'did you mean batchRows?'],
    [
      'target of a file',
      () => parseCsv('a\n1\n', any({ target: 'a' })),
      'it belongs to Model.create(table, options)',
    ],
    [
      'categories',
      () => Model.create(rows, { target: 'kind' }).predict({ size: 1, colour: 'Red' }),
      'did you mean red?',
    ],
    [
      'classes',
      () => Model.create(rows, { target: 'kind' }).fit(rows, { classWeights: { aple: 2 } }),
      'did you mean apple?',
    ],
    [
      'kinds of a file',
      () => parseCsv('size,kind\n1,a\n', { kinds: { sise: 'text' } }),
      'did you mean size?',
    ],
    ['options of a file', () => parseCsv('a\n1\n', any({ sep: ';' })), 'did you mean delimiter?'],
    ['parts', () => split({ x: [1, 2, 3], y: [1, 2, 3] }, any({ test_size: 0.5 })), 'did you mean test?'],
    [
      'cross-validation',
      () => crossValidate({ x: [[1], [2]], y: [1, 2] }, any({ cv: 2, network: {}, seed: 1 })),
      'did you mean folds?',
    ],
    [
      'epochs of a cross-validation',
      () => crossValidate({ x: [[1], [2]], y: [1, 2] }, any({ epochs: 2, network: {}, seed: 1 })),
      'it belongs to fit: { fit: { epochs: 10 } }',
    ],
    [
      'names of a space',
      () => gridSearch({ x: [[1], [2]], y: [1, 2] }, any({ space: { lr: [0.1] }, seed: 1 })),
      'did you mean learningRate?',
    ],
    [
      'scores',
      () =>
        gridSearch(
          { x: [[1], [2], [3]], y: [1.5, 2.5, 3.5] },
          any({ space: { l2: [0.1] }, seed: 1, folds: 3, score: 'rmse' }),
        ),
      'did you mean rootMeanSquared?',
    ],
    ['momentum', () => sgd(any({ momentun: 0.9 })), 'did you mean momentum?'],
    ['epochs of an optimiser', () => adam(any({ epochs: 3 })), 'it belongs to fit, beside the optimizer'],
  ])('%s', async (_, action, said) => {
    expect(await hint(action)).toMatch(said === 'nothing' ? /^nothing/ : said)
  })
})

it.each([
  ['fromJSON of a text', () => Network.fromJSON('{}'), 'JSON.parse makes one of a text'],
  ['evaluate of two', () => evaluate(net, any([[1, 2]])), 'samples are one object, { x, y }'],
  ['loss of one object', () => net.loss(any(data), any(undefined)), 'its x has the numbers'],
])('%s', async (_, action, said) => expect(await hint(action)).toBe(said))

it('what a file has wrong is told without what its author might have written', async () => {
  const json = JSON.parse(JSON.stringify(new Network([2, 1]))) as { network: { layers: unknown[] } }
  const { Predictor } = await import('../../src/inference/index.js')
  json.network.layers[0] = 3
  expect(() => Predictor.fromJSON(json)).toThrow(/expected an object, got 3$/)
})
