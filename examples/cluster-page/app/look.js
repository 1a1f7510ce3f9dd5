// @ts-check
import { errors } from '@nats-io/nats-core'

/**
 * Who is there.
 *
 * @typedef {object} Sight
 * @property {number} workers this one among them, unless it is paused
 * @property {{ readonly run: string, readonly jobs: number, readonly done: number } | undefined} search that runs
 */

/** How long answers are waited for, in milliseconds. */
const HEAR_MS = 400

/**
 * Asks who is there: workers and coordinators of a cluster answer a ping.
 *
 * @param {import('@nats-io/nats-core').NatsConnection} nc
 * @returns {Promise<Sight>}
 */
export async function look(nc) {
  let workers = 0
  /** @type {Sight['search']} */
  let search
  try {
    const how = /** @type {const} */ ({ strategy: 'timer', maxWait: HEAR_MS })
    for await (const reply of await nc.requestMany('deltaprop.ping', undefined, how)) {
      const answer = /** @type {{ role: string, run: string, jobs: number, done: number }} */ (reply.json())
      if (answer.role === 'worker') ++workers
      else search ??= { run: answer.run, jobs: answer.jobs, done: answer.done }
    }
  } catch (error) {
    if (!(error instanceof errors.NoRespondersError)) throw error
  }
  return { workers, search }
}
