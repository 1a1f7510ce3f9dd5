// @ts-check
/** The results of other libraries, if there are any: peers.json, which bench/peers writes. */
import { existsSync } from 'node:fs'
import { PLAIN } from '../peers/contenders.js'
import { folder, parse } from './results.js'

/** @typedef {{ library: string, rate: number }} Peer */

/**
 * The fastest library for each training workload, in samples/s; loops of one's own are none.
 * @returns {Map<string, Peer>}
 */
export function bestPeers() {
  /** @type {Map<string, Peer>} */
  const best = new Map()
  if (!existsSync(new URL('peers.json', folder))) return best
  const { rows } = /** @type {{ rows: import('../peers/report.js').Row[] }} */ (parse('peers.json'))
  for (const { workload, library, rate } of rows) {
    if (library !== PLAIN && rate.median > (best.get(workload)?.rate ?? 0))
      best.set(workload, { library, rate: rate.median })
  }
  return best
}
