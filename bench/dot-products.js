// @ts-check
/**
 * A trainer as one would write it by hand: typed arrays, one sample at a time, forward as dot products of four accumulators,
 * backward and gradient straight through memory. It allocates nothing while it trains.
 *
 * @typedef {Float32Array | Float64Array} Floats
 */
export class DotProducts {
  /** @param {import('deltaprop').Network} net whose weights and biases are copied */
  constructor(net) {
    this.layers = net.layers.map(({ inputs, units, activation, weights, biases }) => ({
      inputs,
      units,
      activation,
      w: weights.slice(),
      b: biases.slice(),
      gradW: weights.slice().fill(0),
      gradB: biases.slice().fill(0),
      a: biases.slice(),
      delta: biases.slice(),
    }))
    this.output = this.layers[this.layers.length - 1]
    this.random = 1
  }

  /**
   * Mini-batches of plain SGD on halfSquared, or categoricalCrossEntropy behind a softmax.
   *
   * @param {{ x: Floats, y: Floats }} data
   * @param {{ epochs: number, batchSize: number, learningRate: number, shuffle: boolean }} options
   * @returns the mean loss of the last epoch
   */
  fit({ x, y }, { epochs, batchSize, learningRate, shuffle }) {
    const order = Uint32Array.from({ length: y.length / this.output.units }, (_, s) => s)
    let loss = 0
    for (let epoch = 0; epoch < epochs; ++epoch) {
      if (shuffle) this.#shuffle(order)
      loss = 0
      for (let first = 0; first < order.length; first += batchSize) {
        const end = Math.min(first + batchSize, order.length)
        for (let i = first; i < end; ++i) {
          this.#forward(x, order[i] * this.layers[0].inputs)
          loss += this.#outputDelta(y, order[i] * this.output.units)
          this.#backward(x, order[i] * this.layers[0].inputs)
        }
        this.#update(learningRate / (end - first))
      }
    }
    return loss / order.length
  }

  /** @param {Floats} x */
  predict(x) {
    const { inputs } = this.layers[0]
    const { a, units } = this.output
    const samples = x.length / inputs
    const outputs = new (a instanceof Float64Array ? Float64Array : Float32Array)(samples * units)
    for (let s = 0; s < samples; ++s) {
      this.#forward(x, s * inputs)
      for (let j = 0; j < units; ++j) outputs[s * units + j] = a[j]
    }
    return outputs
  }

  /** @param {Floats} x @param {number} start of the sample in x */
  #forward(x, start) {
    let input = x
    for (const { inputs, units, activation, w, b, a } of this.layers) {
      for (let j = 0; j < units; ++j) a[j] = b[j] + dot(w, j * inputs, input, start, inputs)
      if (activation === 'sigmoid') for (let j = 0; j < units; ++j) a[j] = 1 / (1 + Math.exp(-a[j]))
      else if (activation === 'relu') for (let j = 0; j < units; ++j) a[j] = Math.max(0, a[j])
      else softmax(a)
      input = a
      start = 0
    }
  }

  /** Returns the loss of the sample. @param {Floats} y @param {number} start of the sample in y */
  #outputDelta(y, start) {
    const { units, activation, a, delta } = this.output
    let loss = 0
    for (let j = 0; j < units; ++j) {
      const error = a[j] - y[start + j]
      delta[j] = activation === 'softmax' ? error : error * derivative(activation, a[j])
      if (activation !== 'softmax') loss += (error * error) / 2
      else if (y[start + j] > 0) loss -= y[start + j] * Math.log(a[j])
    }
    return loss
  }

  /** @param {Floats} x @param {number} start of the sample in x */
  #backward(x, start) {
    for (let l = this.layers.length - 1; l >= 0; --l) {
      const { inputs, units, w, gradW, gradB, delta } = this.layers[l]
      for (let j = 0; j < units; ++j) gradB[j] += delta[j]
      if (l === 0) {
        for (let j = 0; j < units; ++j) addScaled(gradW, j * inputs, delta[j], x, start, inputs)
        continue
      }
      const before = this.layers[l - 1]
      before.delta.fill(0)
      for (let j = 0; j < units; ++j) {
        addScaled(gradW, j * inputs, delta[j], before.a, 0, inputs)
        addScaled(before.delta, 0, delta[j], w, j * inputs, inputs)
      }
      for (let k = 0; k < inputs; ++k) before.delta[k] *= derivative(before.activation, before.a[k])
    }
  }

  /** @param {number} rate for the sums of the gradients */
  #update(rate) {
    for (const { w, b, gradW, gradB } of this.layers) {
      addScaled(w, 0, -rate, gradW, 0, w.length)
      addScaled(b, 0, -rate, gradB, 0, b.length)
      gradW.fill(0)
      gradB.fill(0)
    }
  }

  /** @param {Uint32Array} order */
  #shuffle(order) {
    for (let i = order.length - 1; i > 0; --i) {
      this.random = (Math.imul(this.random, 1664525) + 1013904223) >>> 0
      const k = Math.floor((this.random / 2 ** 32) * (i + 1))
      ;[order[i], order[k]] = [order[k], order[i]]
    }
  }
}

/**
 * Σᵢ a[aStart + i]·b[bStart + i], n numbers.
 * @type {(a: Floats, aStart: number, b: Floats, bStart: number, n: number) => number}
 */
function dot(a, aStart, b, bStart, n) {
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let i = 0
  for (; i + 4 <= n; i += 4) {
    sum0 += a[aStart + i] * b[bStart + i]
    sum1 += a[aStart + i + 1] * b[bStart + i + 1]
    sum2 += a[aStart + i + 2] * b[bStart + i + 2]
    sum3 += a[aStart + i + 3] * b[bStart + i + 3]
  }
  for (; i < n; ++i) sum0 += a[aStart + i] * b[bStart + i]
  return sum0 + sum1 + (sum2 + sum3)
}

/**
 * sum[sumStart + i] += scale·a[aStart + i], n numbers.
 * @type {(sum: Floats, sumStart: number, scale: number, a: Floats, aStart: number, n: number) => void}
 */
function addScaled(sum, sumStart, scale, a, aStart, n) {
  for (let i = 0; i < n; ++i) sum[sumStart + i] += scale * a[aStart + i]
}

/** @param {Floats} a becomes softmax(a) */
function softmax(a) {
  let most = -Infinity
  for (let j = 0; j < a.length; ++j) most = Math.max(most, a[j])
  let sum = 0
  for (let j = 0; j < a.length; ++j) sum += a[j] = Math.exp(a[j] - most)
  for (let j = 0; j < a.length; ++j) a[j] /= sum
}

/** σ′ where σ(z) = a. @type {(activation: import('deltaprop').ActivationOption, a: number) => number} */
function derivative(activation, a) {
  return activation === 'sigmoid' ? a * (1 - a) : a > 0 ? 1 : 0
}
