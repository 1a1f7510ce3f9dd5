/** Fits that run elsewhere: the option `on`, with a cluster that hands plain copies of everything to openFits. */
import { describe, expect, it } from 'vitest'
import { parseCsv, type Table } from '../../src/data/index.js'
import { withNumbersOf } from '../../src/data/table.js'
import { adam, progressBar } from '../../src/index.js'
import {
  crossValidate,
  gridSearch,
  openFits,
  randomSearch,
  type FitCluster,
  type FitFailure,
  type FitOutcome,
  type FitsElsewhere,
} from '../../src/selection/index.js'
import { randomRows } from '../support/random-rows.js'

const x = randomRows(60, 3, 5)
const y = x.map(([a, b]) => [Number(a > b)])
const labels = x.map(([a, b]) => Number(a > b) + Number(a > 2 * b))
const network = { hidden: [4], activation: { hidden: 'tanh', output: 'sigmoid' } } as const
const softmax = { hidden: [4], activation: { hidden: 'tanh', output: 'softmax' } } as const
const fit = { epochs: 3, batchSize: 8, optimizer: adam({ learningRate: 0.02 }) }
const csv = ['a,b,kind', ...x.map(([a, b]) => `${a},${b},${a > b ? 'more' : 'less'}`)].join('\n')
const records = x.map(([a, b]) => ({ a, b, kind: a > b ? 'more' : 'less' }))

type Outcome = FitOutcome | FitFailure

/** What a fit of another machine answers: everything that goes there and comes back is copied, functions are refused. */
async function answer(fits: FitsElsewhere, candidate: number, fold: number): Promise<Outcome> {
  const { data, numbers, division, recipes } = fits
  const there = openFits(structuredClone({ data, numbers, division }))
  expect(there.folds).toBe(fits.folds)
  return there.fit(structuredClone(recipes[candidate]), fold).then(
    (outcome) => structuredClone(outcome),
    (error: unknown) => ({ failure: (error as Error).message }),
  )
}

/** Runs all fits in an order of its own, and says some twice. */
const backwards: FitCluster = {
  name: 'cluster',
  async runFits(fits) {
    for (let candidate = fits.recipes.length - 1; candidate >= 0; --candidate) {
      for (let fold = fits.folds - 1; fold >= 0; --fold) {
        const outcome = await answer(fits, candidate, fold)
        await fits.settle(candidate, fold, outcome)
        if (fold % 2 === 0) await fits.settle(candidate, fold, outcome)
      }
    }
  },
}

/** Says the same for every fit. */
const saying = (outcome: unknown): FitCluster => ({
  name: 'cluster',
  runFits: ({ settle }) => settle(0, 0, outcome as Outcome),
})

/** Without times. */
const timeless = (result: unknown): unknown =>
  JSON.parse(
    JSON.stringify(result, (name, value: unknown) => {
      if (name === 'seconds') return 0
      return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
    }),
  )

const message = (run: Promise<unknown>): Promise<string> => run.then(String, String)

describe('on a cluster', () => {
  const ofSamples = { network, fit, seed: 2, folds: 3 }
  it.each([
    ['samples', { x, y }],
    [
      'f32 arrays, and weights',
      {
        x: Float32Array.from(x.flat()),
        y: Float32Array.from(y.flat()),
        weights: x.map(([a]) => Math.abs(a)),
      },
    ],
  ])('cross-validation of %s is what it is here', async (_, data) => {
    const options = { ...ofSamples, inputs: 3 }
    const [here, there] = [
      await crossValidate(data, options),
      await crossValidate(data, { ...options, on: backwards }),
    ]
    expect(timeless(there)).toEqual(timeless(here))
    expect(String(there)).toBe(String(here))
    expect(there.folds.map(({ rows }) => rows)).toEqual(here.folds.map(({ rows }) => rows))
  })

  it.each([true, false])('of class numbers, stratified: %s', async (stratify) => {
    const options = { network: softmax, fit, seed: 3, folds: 4, stratify }
    const data = { x, y: labels }
    const there = await crossValidate(data, { ...options, on: backwards })
    expect(timeless(there)).toEqual(timeless(await crossValidate(data, options)))
  })

  it.each([
    ['a table', parseCsv(csv)],
    ['records', records],
  ])('of %s, by a model', async (_, data) => {
    const options = {
      model: { target: 'kind', hidden: [3] },
      fit: { ...fit, validation: 0.2 },
      seed: 2,
      folds: 3,
    }
    const there = await crossValidate(data, { ...options, on: backwards })
    expect(timeless(there)).toEqual(timeless(await crossValidate(data, options)))
  })

  it.each(['a table', 'records'])('rows of %s keep their numbers in messages', async (form) => {
    const lines = [
      'a,place,kind',
      '1,,more',
      ...x.map(([a], i) => `${a},here,${i % 2 ? 'more' : 'less'}`),
      '1,odd,more',
    ]
    const table = parseCsv(lines.join('\n'), { missing: 'drop' })
    const [a, place, kind] = table.columns.map(({ values }) => Array.from<unknown>(values))
    const rows = a.map((_, i) => ({ a: a[i], place: place[i], kind: kind[i] }))
    const all = Array.from({ length: table.rows + 1 }, (_, i) => i)
    const data = form === 'a table' ? table : withNumbersOf(rows, all, Uint32Array.from(all.slice(1)))
    const options = { model: { target: 'kind' }, fit, seed: 2, folds: 2 }
    const here = await message(crossValidate(data as Table, options))
    expect(here).toMatch(/ row 62, column place: .*"odd"/)
    expect(await message(crossValidate(data as Table, { ...options, on: backwards }))).toBe(here)
  })

  it('a search has the same trials, one that diverges with its error, and a best that trains', async () => {
    const options = {
      space: { hidden: [[2], [5, 3]], learningRate: [0.01, 1e30] },
      network: { activation: 'linear' },
      fit: { ...fit, schedule: { type: 'cosine', totalSteps: 3, per: 'epoch' } },
      seed: 4,
      validation: 0.3,
    } as const
    const seen: number[] = []
    const here = await gridSearch({ x, y }, options)
    const there = await gridSearch(
      { x, y },
      { ...options, on: backwards, onTrial: ({ trial }) => seen.push(trial) },
    )
    expect(timeless(there.trials)).toEqual(timeless(here.trials))
    expect(there.trials.filter(({ error }) => error !== undefined)).toHaveLength(2)
    expect(seen).toEqual([4, 3, 2, 1])
    const [one, other] = [await here.best.train({ x, y }), await there.best.train({ x, y })]
    expect(other.toBytes()).toEqual(one.toBytes())
  })

  it('a failed fold counts as it does here: the first of them', async () => {
    const options = {
      ...ofSamples,
      network: { hidden: [4], activation: 'linear' } as const,
      fit: { ...fit, optimizer: adam({ learningRate: 1e30 }) },
    }
    const here = message(crossValidate({ x, y }, options))
    expect(await message(crossValidate({ x, y }, { ...options, on: backwards }))).toBe(await here)
    expect(await here).toMatch(/^Error: crossValidate: fold 0: /)
  })

  it('build runs here alone; what it returns is sent', async () => {
    const options = {
      space: { units: { from: 2, to: 6, integer: true } },
      build: ({ units }: { units: number }) => ({ network: { ...network, hidden: [units] }, fit }),
      trials: 3,
      seed: 1,
    } as const
    const there = await randomSearch({ x, y }, { ...options, on: backwards })
    expect(timeless(there.trials)).toEqual(timeless((await randomSearch({ x, y }, options)).trials))
  })

  it('fits that have become pointless are not wanted', async () => {
    const wanted: boolean[] = []
    const cluster: FitCluster = {
      name: 'cluster',
      async runFits({ isWanted, settle }) {
        await settle(0, 1, { failure: 'no' })
        for (const fold of [0, 2]) wanted.push(isWanted(0, fold))
        await settle(0, 2, { failure: 'later' })
        await settle(0, 0, { failure: 'earlier' })
      },
    }
    expect(await message(crossValidate({ x, y }, { ...ofSamples, on: cluster }))).toBe(
      'Error: crossValidate: fold 0: earlier',
    )
    expect(wanted).toEqual([true, false])
  })

  it('an abort is the signal of the fits, and the error', async () => {
    const controller = new AbortController()
    const cluster: FitCluster = {
      name: 'cluster',
      runFits: ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
          setTimeout(() => controller.abort(new Error('enough')))
        }),
    }
    const options = { ...ofSamples, on: cluster, signal: controller.signal }
    expect(await message(crossValidate({ x, y }, options))).toBe('Error: enough')
  })

  it('what onTrial throws ends it', async () => {
    const options = {
      space: { epochs: [1, 2] },
      network,
      seed: 1,
      on: backwards,
      onTrial: () => {
        throw new Error('no more')
      },
    } as const
    expect(await message(gridSearch({ x, y }, options))).toBe('Error: no more')
  })
})

describe('a cluster', () => {
  const options = { network, fit, seed: 2, folds: 3 }
  it.each([
    [saying({}), /^TypeError: outcome\.evaluation: expected an object, got undefined$/],
    [saying({ failure: 3 }), /^TypeError: outcome\.failure: expected a text, got 3$/],
    [
      saying({ evaluation: { kind: 'regression' } }),
      /^RangeError: outcome\.evaluation\.kind: expected "classification", got "regression"$/,
    ],
    [
      saying({ more: 1 }),
      /^RangeError: outcome: expected one of failure, evaluation, history, seconds, got "more"$/,
    ],
    [
      { name: 'cluster', runFits: () => Promise.resolve() },
      /^Error: on: expected the results of 3 fits, got 0$/,
    ],
  ])('that says what it should not: %#', async (on, expected) => {
    expect(await message(crossValidate({ x, y }, { ...options, on: on as FitCluster }))).toMatch(expected)
  })

  const given = (more: object): Promise<string> =>
    message(crossValidate({ x, y }, { ...options, on: backwards, ...more } as typeof options))
  const hint = 'fits that run elsewhere are made of plain data'
  it.each([
    [
      { parallel: 2 },
      'TypeError: parallel: expected nothing beside on: each worker of the cluster runs one fit, got 2',
    ],
    [
      { on: 'nats://localhost' },
      `RangeError: on: expected cluster, which is imported, got "nats://localhost"; import { cluster } from 'deltaprop-cluster'`,
    ],
    [
      { network: undefined, create: () => undefined },
      `TypeError: create: expected network or model instead, got a function; ${hint}`,
    ],
    [
      { fit: { onEpoch: () => undefined } },
      `TypeError: fit.onEpoch: expected plain data, got a function; ${hint}`,
    ],
    [{ fit: { schedule: [() => 1] } }, `TypeError: fit.schedule: expected plain data, got an array; ${hint}`],
    [
      { fit: { progress: progressBar } },
      `TypeError: fit.progress: expected plain data, got an object; ${hint}`,
    ],
    [
      { network: { hidden: new Date(0) } },
      `TypeError: network.hidden: expected plain data, got a Date; ${hint}`,
    ],
  ])('refuses %#', async (more, expected) => {
    expect(await given(more)).toBe(expected)
  })
})

describe('openFits', () => {
  const division = { seed: 1, stratify: true, byClass: false, inputs: 3, folds: 3 }
  const shared = { data: { x: x.flat(), y: y.flat() }, division }
  const recipe = { network, fit }
  const open = (more: object): string => {
    try {
      return `${openFits({ ...shared, ...more }).folds} folds`
    } catch (error) {
      return String(error)
    }
  }

  it.each([
    [{ more: 1 }, 'RangeError: shared: expected one of data, numbers, division, got "more"'],
    [{ division: undefined }, 'TypeError: division: expected an object, got undefined'],
    [{ division: { ...division, seed: -1 } }, 'RangeError: seed: expected an integer >= 0, got -1'],
    [
      { division: { ...division, byClass: 'no' } },
      'TypeError: division.byClass: expected true or false, got "no"',
    ],
    [
      { division: { ...division, folds: 61 } },
      'RangeError: folds: expected an integer <= 60, a row for each, got 61',
    ],
    [{ data: { x: [1, 2], y: ['a'] } }, /^(Range|Type)Error: [xy]/],
    [
      { data: records },
      /^TypeError: data: expected samples \{ x, y \} unless there is a model, got an array/,
    ],
  ] as [object, string | RegExp][])('refuses %#', (more, expected) => {
    if (typeof expected === 'string') expect(open(more)).toBe(expected)
    else expect(open(more)).toMatch(expected)
  })

  it('refuses what fit would refuse', async () => {
    const fits = openFits(shared)
    expect(await message(fits.fit(recipe, 3))).toBe(
      'RangeError: fold: expected an integer >= 0 and <= 2, got 3',
    )
    expect(await message(fits.fit({ network, fit: { epochs: 0 } }, 0))).toBe(
      'RangeError: epochs: expected an integer >= 1, got 0',
    )
    expect(await message(fits.fit({ network: { layers: 3 } }, 0))).toMatch(/^TypeError: layers/)
    expect(await message(fits.fit(recipe, 0, { signal: AbortSignal.abort(new Error('no')) }))).toBe(
      'Error: no',
    )
  })
})
