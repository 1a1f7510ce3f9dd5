// @ts-check

/** How far back the pace of a search is measured, in seconds. */
const WINDOW = 20

/** How long a search will take, as it went lately: tabs come and go. */
export class Pace {
  #run = ''
  /** @type {{ readonly at: number, readonly done: number }[]} */
  #seen = []

  /**
   * @param {{ readonly run: string, readonly jobs: number, readonly done: number }} search
   * @param {number} at when it was seen, in seconds
   * @returns {number | undefined} seconds that are left; undefined: not known yet
   */
  left({ run, jobs, done }, at) {
    if (run !== this.#run) this.#seen = []
    this.#run = run
    this.#seen = [...this.#seen.filter((seen) => at - seen.at <= WINDOW), { at, done }]
    const [first] = this.#seen
    const rate = (done - first.done) / (at - first.at)
    return rate > 0 && at - first.at > 2 ? (jobs - done) / rate : undefined
  }
}
