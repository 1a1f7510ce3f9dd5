// @ts-check
// How long a page does not answer: a browser reports every task of more than 50 ms as a long one.

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
  })
}

/**
 * What the page was like while something happened.
 *
 * @param {Page} page
 * @param {() => Promise<unknown>} action
 * @returns {Promise<{ seconds: number, longest: number, blocked: number }>} the longest task in ms, 0 if none took 50, and the
 *   share of the time that long tasks took, from 0 to 1
 */
export async function measure(page, action) {
  const start = await page.evaluate(() => performance.now())
  await action()
  // A task is reported after its end.
  await page.waitForTimeout(200)
  return page.evaluate((from) => {
    const seconds = (performance.now() - from) / 1000
    const { longTasks } = /** @type {{ longTasks: { start: number, ms: number }[] }} */ (
      /** @type {unknown} */ (globalThis)
    )
    const ms = longTasks.filter((task) => task.start >= from).map((task) => task.ms)
    return { seconds, longest: Math.max(0, ...ms), blocked: ms.reduce((a, b) => a + b, 0) / 1000 / seconds }
  }, start)
}
