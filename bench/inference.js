// @ts-check
/**
 * Does a Predictor predict as fast as the Network that it was, and in how much memory?
 *
 *     npm run -s build && node bench/inference.js
 *
 * Both take turns. The fastest run is what the code takes; the median says how busy the machine was.
 */
import { Network } from 'deltaprop'
import { Predictor } from 'deltaprop/inference'
import { isMain } from './isolate.js'
import { isQuick, takeTurns } from './measure.js'
import { printTable } from './report/table.js'

/** @type {readonly (import('deltaprop').ShortOptions & { sizes: number[], samples: number })[]} */
const cases = [
  { sizes: [2, 3, 2, 2], activation: 'sigmoid', samples: 1 },
  { sizes: [2, 3, 2, 2], activation: 'sigmoid', samples: 1024 },
  { sizes: [2, 16, 16, 1], activation: 'gelu', samples: 1024 },
  { sizes: [2, 16, 16, 1], activation: 'tanh', samples: 1024, precision: 'f64' },
  { sizes: [784, 128, 10], activation: { hidden: 'relu', output: 'softmax' }, samples: 1 },
  { sizes: [784, 128, 10], activation: { hidden: 'relu', output: 'softmax' }, samples: 1024 },
]

/** What it returns, and how many bytes of WebAssembly memory it has allocated. @template T @param {() => T} make */
function withMemory(make) {
  const { Memory } = WebAssembly
  let bytes = 0
  WebAssembly.Memory = class extends Memory {
    /** @param {WebAssembly.MemoryDescriptor} descriptor */
    constructor(descriptor) {
      super(descriptor)
      bytes += this.buffer.byteLength
    }
  }
  try {
    return { made: make(), bytes }
  } finally {
    WebAssembly.Memory = Memory
  }
}

/** @param {cases[number]} options */
async function measure({ sizes, samples, ...options }) {
  const bytes = new Network(sizes, { ...options, seed: 1 }).toBytes()
  Predictor.fromBytes(bytes) // the decoder's memory is no network's
  const network = withMemory(() => Network.fromBytes(bytes))
  const predictor = withMemory(() => Predictor.fromBytes(bytes))
  const x = Float64Array.from({ length: samples * sizes[0] }, (_, i) => Math.sin(i))
  const values = options.precision === 'f64' ? x : Float32Array.from(x)
  const outputs = [network, predictor].map(({ made }) => Buffer.from(made.predict(values).buffer))
  if (!outputs[0].equals(outputs[1])) throw new Error(`${sizes.join('-')}: expected the same bits`)

  const calls = Math.ceil(2 ** 18 / (samples * sizes[0]))
  const contenders = [network, predictor].map(({ made }, i) => ({
    name: i === 0 ? 'Network' : 'Predictor',
    run() {
      for (let call = 0; call < calls; ++call) made.predict(values)
    },
  }))
  const turns = isQuick ? { rounds: 1, roundMs: 10 } : { rounds: 21, roundMs: 40 }
  const microseconds = (await takeTurns(contenders, turns)).map((times) => {
    const sorted = times.map((time) => (1000 * time) / calls).sort((one, other) => one - other)
    return `${sorted[0].toFixed(2)} (${sorted[sorted.length >> 1].toFixed(2)})`
  })
  return {
    network: `${sizes.join('-')} ${options.precision ?? 'f32'}`,
    samples: String(samples),
    'Network, µs': microseconds[0],
    'Predictor, µs': microseconds[1],
    'Network, MB': (network.bytes / 1e6).toFixed(2),
    'Predictor, MB': (predictor.bytes / 1e6).toFixed(2),
  }
}

if (isMain(import.meta.url)) {
  const rows = []
  for (const one of cases) rows.push(await measure(one))
  printTable('Prediction, fastest (median), and WebAssembly memory', rows)
}
