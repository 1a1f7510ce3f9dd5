// @ts-check
/** What a page says of itself, whichever browser it is in. */
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * @typedef {import('./report.js').Cell} Cell
 * @typedef {import('./report.js').Report} Report
 *
 * @typedef {object} Browser
 * @property {string} version
 * @property {(url: string, options?: { expected?: RegExp, posted?: Promise<string> }) => Promise<Cell['outcome']>} report opens a page,
 *   and waits until it leaves a Report in `globalThis.deltapropReport`, or in `globalThis.deltapropFailure` why there is none; in Firefox
 *   until it posts what TELL comes to. It has failed, too, if it tells nothing in 120 s; in Chromium, too, if it throws, or its console
 *   says an error that is not one of those expected
 * @property {() => Promise<void>} close
 */

/** How long a page may take, in milliseconds. */
const PATIENCE = 120_000

/** The outcome of a page that never answers. */
const silent = { failed: 'the page told nothing' }

/** For a page to evaluate; it comes to a text. */
export const TELL = `JSON.stringify({
  report: globalThis.deltapropReport,
  failed: globalThis.deltapropFailure,
})`

/**
 * @param {() => Promise<unknown>} ask what TELL comes to in the page
 * @param {{ failure?: Promise<string> }} [options] what is wrong with the page, should anything be
 * @returns {Promise<Cell['outcome']>}
 */
export async function waitUntilTold(ask, { failure } = {}) {
  /** @type {string | undefined} */
  let wrong
  void failure?.then((what) => (wrong = what))
  let isOver = false
  const poll = async () => {
    while (!isOver) {
      /** @type {unknown} */
      const told = JSON.parse(String(await ask()))
      const { report, failed = wrong } = /** @type {{ report?: Report, failed?: string }} */ (told)
      if (failed !== undefined) return { failed }
      if (report !== undefined) return { report }
      await sleep(100)
    }
    return silent
  }
  // A page that is stuck, or a browser that is gone, may never answer at all.
  const waiting = new AbortController()
  const time = sleep(PATIENCE, silent, { signal: waiting.signal })
  try {
    return await Promise.race([poll(), time])
  } finally {
    isOver = true
    time.catch(() => undefined)
    waiting.abort()
  }
}
