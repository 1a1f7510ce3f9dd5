// @ts-check
/** The results of other libraries, if there are any: bench/results/peers*.json, which bench/peers writes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** @typedef {{ library: string, rate: number }} Peer */

const folder = new URL('../results/', import.meta.url)

/**
 * The fastest library for each training workload, in samples/s.
 * @returns {Map<string, Peer>}
 */
export function bestPeers() {
  /** @type {Map<string, Peer>} */
  const best = new Map()
  const names = existsSync(folder) ? readdirSync(folder) : []
  for (const name of names.filter((name) => /^peers.*\.json$/.test(name))) {
    /** @type {unknown} */
    const file = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
    const { rows } =
      /** @type {{ rows: { workload: string, library: string, rate: import('../measure.js').Statistics }[] }} */ (
        file
      )
    for (const { workload, library, rate } of rows) {
      if (rate.median > (best.get(workload)?.rate ?? 0)) best.set(workload, { library, rate: rate.median })
    }
  }
  return best
}
