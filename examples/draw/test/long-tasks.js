// @ts-check
// Whether a page answers: how many turns of the event loop others get; and, for people to read, how long it did not, a browser
// reporting every task of more than 50 ms as a long one.

/** @typedef {import('playwright-core').Page} Page */

/** Before the page is loaded. @param {Page} page */
export async function watchTasks(page) {
  await page.addInitScript(() => {
    /** @type {{ start: number, ms: number }[]} */
    const tasks = []
    Object.assign(globalThis, { longTasks: tasks })
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) tasks.push({ start: startTime, ms: duration })
    }).observe({ type: 'longtask' })
    const watched = /** @type {{ turns: number }} */ (/** @type {unknown} */ (globalThis))
    watched.turns = 0
    const turn = () => {
      ++watched.turns
      setTimeout(turn)
    }
    turn()
  })
}

/**
 * What the page was like while something happened.
 *
 * @param {Page} page
 * @param {() => Promise<unknown>} action
 * @returns {Promise<{ turns: number, seconds: number, longest: number, blocked: number }>} how many turns a timer got; the longest
 *   task in ms, 0 if none took 50; and the share of the time that long tasks took, from 0 to 1
 */
export async function measure(page, action) {
  const start = await page.evaluate(() => ({
    ms: performance.now(),
    turns: Number(Reflect.get(globalThis, 'turns')),
  }))
  await action()
  const turns = (await page.evaluate(() => Number(Reflect.get(globalThis, 'turns')))) - start.turns
  // A task is reported after its end.
  await page.waitForTimeout(200)
  const tasks = await page.evaluate((from) => {
    const seconds = (performance.now() - from) / 1000
    const { longTasks } = /** @type {{ longTasks: { start: number, ms: number }[] }} */ (
      /** @type {unknown} */ (globalThis)
    )
    const ms = longTasks.filter((task) => task.start >= from).map((task) => task.ms)
    const blocked = ms.reduce((a, b) => a + b, 0) / 1000 / seconds
    return { seconds, longest: Math.max(0, ...ms), blocked }
  }, start.ms)
  return { turns, ...tasks }
}
