// @ts-check
/** What is compared: groups of workloads, in the order in which they are measured and shown. */
import { describe, describeBatch, inferenceWorkloads, workloads as trainingWorkloads } from '../workloads.js'

/** @typedef {'predictOne' | 'trainOne' | 'population' | 'train' | 'infer'} Kind */

/**
 * Where a sample comes from and its outputs go: predicted from a plain array, from a Float32Array, from a plain array
 * into one that is kept; or trained from plain arrays.
 * @typedef {'array' | 'floats' | 'into' | 'train'} Call
 */

/**
 * @typedef {object} Workload
 * @property {string} name
 * @property {Kind} kind
 * @property {readonly number[]} sizes
 * @property {import('../../dist/index.js').ShortOptions} options
 * @property {number} samples of an epoch, or of one call
 * @property {number} [batch] samples per update, in training
 * @property {Call} [call] of single calls
 * @property {number} [networks] of a population
 */

/**
 * @typedef {object} Group
 * @property {string} name
 * @property {'calls' | 'populations' | 'rows' | 'inference'} key in the file of numbers
 * @property {string} title
 * @property {string} about
 * @property {readonly Workload[]} workloads
 * @property {readonly string[]} quick those of a quick run
 */

/** How the tables say a call. */
export const callNames = {
  array: 'predict, plain array',
  floats: 'predict, Float32Array',
  into: 'predict into an array',
  train: 'train, plain arrays',
}

const tiny = ['xor', 'seed'].map((name) => {
  const found = trainingWorkloads.find((workload) => workload.name === name)
  if (found === undefined) throw new Error(`expected a workload ${name}`)
  return { name, sizes: found.sizes, options: found.options, samples: 1 }
})

/** @type {readonly Workload[]} */
const calls = tiny.flatMap((network) => [
  { ...network, name: `${network.name}-predict`, kind: 'predictOne', call: 'array' },
  { ...network, name: `${network.name}-predict-floats`, kind: 'predictOne', call: 'floats' },
  { ...network, name: `${network.name}-predict-into`, kind: 'predictOne', call: 'into' },
  { ...network, name: `${network.name}-train`, kind: 'trainOne', call: 'train' },
])

/** @type {readonly Workload[]} */
const populations = [{ ...tiny[1], name: 'population', kind: 'population', samples: 1000, networks: 1000 }]

/** @type {readonly Workload[]} */
const training = trainingWorkloads.map(({ name, sizes, options, batch, samples }) => ({
  ...{ name, kind: 'train', sizes, options, batch, samples },
}))

/** @type {readonly Workload[]} */
const inference = inferenceWorkloads
  .filter(({ name }) => name !== 'seed')
  .map(({ name, sizes, options, samples }) => ({ name, kind: 'infer', sizes, options, samples }))

/** @type {readonly Group[]} */
export const groups = [
  {
    name: 'calls',
    key: 'calls',
    title: 'One sample a call',
    about:
      'A loop of calls with one sample each, of eight that are kept and take turns: in plain arrays of numbers, ' +
      'or in Float32Arrays. “Into an array”: deltaprop writes the outputs into one that is kept; the others are ' +
      'called as always. Training is plain SGD, one update a call.',
    workloads: calls,
    quick: calls.filter(({ name }) => name.startsWith('xor')).map(({ name }) => name),
  },
  {
    name: 'populations',
    key: 'populations',
    title: 'Populations',
    about: 'Many networks of one shape, each with weights and a sample of its own.',
    workloads: populations,
    quick: ['population'],
  },
  {
    name: 'training',
    key: 'rows',
    title: 'Training',
    about:
      'Plain SGD. “grad” is automatic differentiation, “by hand” the gradients written out, “model” `model.fit`, ' +
      'deltaprop `fit`.',
    workloads: training,
    quick: ['seed', 'mnist'],
  },
  {
    name: 'inference',
    key: 'inference',
    title: 'Inference',
    about: 'From an array of JavaScript to an array of JavaScript.',
    workloads: inference,
    quick: ['mnist', 'mnist-1000'],
  },
]

/** What a quick run has of them. */
export const quickGroups = groups.map((group) => ({
  ...group,
  workloads: group.workloads.filter(({ name }) => group.quick.includes(name)),
}))

/**
 * The groups that have something of what is named: whole groups, or workloads of them; all, if nothing is named.
 * @param {readonly Group[]} groups
 * @param {readonly string[]} names of groups and workloads
 * @throws RangeError for a name that is neither
 */
export function select(groups, names) {
  if (names.length === 0) return groups
  const known = new Set(groups.flatMap(({ name, workloads }) => [name, ...workloads.map(({ name }) => name)]))
  const unknown = names.find((name) => !known.has(name))
  if (unknown !== undefined) {
    throw new RangeError(`--only: expected names of ${Array.from(known).join(', ')}, got ${unknown}`)
  }
  return groups
    .map((group) => {
      const isWhole = names.includes(group.name)
      return { ...group, workloads: group.workloads.filter(({ name }) => isWhole || names.includes(name)) }
    })
    .filter(({ workloads }) => workloads.length > 0)
}

/**
 * The heading of the table that a workload is in; single calls of one network share one.
 * @param {Workload} workload
 */
export function titleOf({ kind, sizes, options, batch, samples, networks = 1 }) {
  const network = describe({ sizes, options })
  const count = (/** @type {number} */ n, /** @type {string} */ what) =>
    `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`
  switch (kind) {
    case 'predictOne':
    case 'trainOne':
      return `${network}, one sample a call`
    case 'population':
      return `${count(networks, 'network')} ${network}, one sample each`
    case 'train':
      return `${network}, batch ${describeBatch({ batch: batch ?? 1, samples })}`
    case 'infer':
      return `${network}, ${count(samples, 'sample')} a call`
  }
}
