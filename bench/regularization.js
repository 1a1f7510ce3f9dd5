// @ts-check
/**
 * What do penalties, limits, dropout, weights and an average cost, beside plain training?
 *
 *     npm run build && node bench/regularization.js [--quick] [workload]
 *
 * Each takes turns with plain SGD on the same samples; the factor is that of the medians of both.
 */
import { Network, sgd } from 'deltaprop'
import { isMain } from './isolate.js'
import { formatRate, formatRatio, isQuick, isWanted, ratesOf, statistics, takeTurns } from './measure.js'
import { printTable } from './report/table.js'
import { describe, findWorkload, makeData, workloads } from './workloads.js'

/** @type {readonly (readonly [string, import('deltaprop').FitOptions])[]} */
const rules = [
  ['plain', {}],
  ['l2 1e-4', { l2: 1e-4 }],
  ['clipGradients, globalNorm 1', { clipGradients: { globalNorm: 1 } }],
  ['maxWeightNorm 3', { maxWeightNorm: 3 }],
  ['averageWeights 0.99', { averageWeights: 0.99 }],
  ['dropout 0.5', { dropout: 0.5 }],
  ['weights', {}],
]

export async function measureRegularization() {
  const rows = []
  for (const name of ['seed', 'mnist', 'deep'].filter((name) => isWanted(name, 'f32'))) {
    const workload = findWorkload(workloads, name)
    const { batch, samples, epochs } = workload
    const data = makeData(workload)
    const weights = Float32Array.from({ length: samples }, (_, s) => 1 + (s % 2))
    const contenders = rules.map(([rule, options]) => {
      const net = new Network(workload.sizes, workload.options)
      const given = rule === 'weights' ? { ...data, weights } : data
      const fitOptions = { epochs, batchSize: batch, optimizer: sgd({ learningRate: 0.01 }), ...options }
      return { name: rule, net, run: () => net.fit(given, fitOptions) }
    })
    const milliseconds = await takeTurns(contenders, {
      rounds: isQuick ? 1 : 15,
      roundMs: isQuick ? 1 : 200,
    })
    const plain = statistics(milliseconds[0]).median
    for (const [i, { name: rule, net }] of contenders.entries()) {
      const loss = net.loss(data.x, data.y) / samples
      if (!Number.isFinite(loss)) throw new Error(`${rule}: expected a loss that is finite, got ${loss}`)
      rows.push({
        'network, batch': `${describe(workload)}, ${batch}`,
        rule,
        'samples/s': formatRate(ratesOf(milliseconds[i], samples * epochs)),
        '× plain': formatRatio(plain / statistics(milliseconds[i]).median),
        'loss, checksum': loss.toPrecision(9),
      })
    }
  }
  printTable('What regularisation costs', rows, 2)
}

if (isMain(import.meta.url)) await measureRegularization()
