// @ts-check
import { chromium } from 'playwright-core'
import { openPage } from '../../page/browser.js'
import { server } from '../serve.js'

/** @typedef {import('playwright-core').Page} Page */

/** The page in a browser, and a way to end both. */
export const serve = () => openPage(chromium, server)

/** @param {Page} page */
export async function trained(page) {
  await page.waitForSelector('body[data-training="false"]')
}

/**
 * Draws with the mouse.
 *
 * @param {Page} page
 * @param {import('../app/strokes.js').Stroke[]} strokes on a sheet of 1 × 1
 */
export async function draw(page, strokes) {
  const { x: left, y: top, width, height } = await sheetOf(page)
  for (const stroke of strokes) {
    for (const [i, [x, y]] of stroke.entries()) {
      await page.mouse.move(left + x * width, top + y * height)
      if (i === 0) await page.mouse.down()
    }
    await page.mouse.up()
  }
  await painted(page)
}

/** Where the sheet is in the window. @param {Page} page */
export async function sheetOf(page) {
  const pad = page.locator('#pad')
  await pad.scrollIntoViewIfNeeded()
  const box = await pad.boundingBox()
  if (box === null) throw new Error('expected a sheet to draw on')
  return box
}

/** The digit that the page reads. @param {Page} page */
export async function reading(page) {
  await painted(page)
  return Number(await page.locator('#answers .best .digit').textContent())
}

/** Until what was asked for is painted: asked in one frame, painted in the next. @param {Page} page */
async function painted(page) {
  await page.evaluate(
    () =>
      new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined)))),
  )
}
