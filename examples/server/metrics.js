// @ts-check

/**
 * @typedef {import('./gate.js').Gate} Gate
 * @typedef {import('./predictor.js').Predictor} Predictor
 */

/** What the server has done; as a text, in the format of Prometheus. */
export class Metrics {
  /** Requests whose head has been read. */
  received = 0
  /** Requests whose connection ended before their answer did. */
  cut = 0
  /** Answers, by their status. @type {Map<number, number>} */
  #answers = new Map()
  #predictor
  #gate

  /**
   * @param {import('node:http').Server} server
   * @param {Predictor} predictor
   * @param {Gate} gate
   */
  constructor(server, predictor, gate) {
    this.#predictor = predictor
    this.#gate = gate
    server.prependListener('request', (_, response) => {
      this.received += 1
      response.once('close', () => this.#count(response))
    })
  }

  /** @param {import('node:http').ServerResponse} response that has ended, one way or another */
  #count({ statusCode, writableFinished }) {
    if (writableFinished) this.#answers.set(statusCode, (this.#answers.get(statusCode) ?? 0) + 1)
    else this.cut += 1
  }

  /** Answers in all. */
  get answered() {
    return Array.from(this.#answers.values()).reduce((sum, count) => sum + count, 0)
  }

  toString() {
    const { user, system } = process.cpuUsage()
    const values = {
      received_total: this.received,
      cut_total: this.cut,
      ...Object.fromEntries(
        Array.from(this.#answers, ([status, count]) => [`answers_total{status="${status}"}`, count]),
      ),
      predictions_total: this.#predictor.samples,
      predict_calls_total: this.#predictor.calls,
      requests_in_flight: this.#gate.requests,
      bytes_in_flight: this.#gate.bytes,
      cpu_seconds_total: (user + system) / 1e6,
      resident_memory_bytes: process.memoryUsage.rss(),
    }
    return Object.entries(values)
      .map(([name, value]) => `deltaprop_${name} ${value}\n`)
      .join('')
  }
}
