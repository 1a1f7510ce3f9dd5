// @ts-check
/**
 * Debian's Firefox, with nobody at its wheel: it is started with a page, which posts what it has to say.
 *
 * A worker that starts others stops for good now and then: in a session of WebDriver BiDi in one of fifty `new Worker`, whatever they run;
 * without a session once in 28 pages of 24 networks each that were trained in a worker of a worker, never in 6,000 workers of workers that do
 * nothing (Firefox 153.7; not understood). What tells nothing is therefore started once more, and once again, in a Firefox of its own.
 */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Missing } from './kit.js'
import { silent, waitUntilTold } from './told.js'

const EXECUTABLE = '/usr/bin/firefox-esr'

/** What it does of its own accord at the first start of a profile. */
const PREFERENCES = `
user_pref('browser.aboutwelcome.enabled', false)
user_pref('browser.shell.checkDefaultBrowser', false)
user_pref('datareporting.policy.dataSubmissionEnabled', false)
`

/**
 * @returns {Promise<import('./told.js').Browser>}
 * @throws Missing if there is no Firefox
 */
export function openFirefox() {
  if (!existsSync(EXECUTABLE)) return Promise.reject(new Missing(`there is no ${EXECUTABLE}`))
  const said = execFileSync(EXECUTABLE, ['--version'], { encoding: 'utf8' })
  return Promise.resolve({
    version: /\d+(\.\d+)+/.exec(said)?.[0] ?? said,
    // What the console says nobody hears: a page that does not tell of its own errors is waited for in vain.
    report,
    close: () => Promise.resolve(),
  })
}

const STARTS = 3

/** How long each may take, in milliseconds. */
const PATIENCE = 45_000

/** @type {import('./told.js').Browser['report']} */
async function report(url, { posted } = {}) {
  if (posted === undefined) throw new Error('expected what the page posts')
  let outcome = await visit(url, posted)
  for (let starts = 1; outcome === silent && starts < STARTS; ++starts) {
    console.log(`  Firefox told nothing in ${PATIENCE / 1000} s, and is started once more`)
    outcome = await visit(url, posted)
  }
  return outcome
}

/** @param {string} url @param {Promise<string>} posted @returns {Promise<import('./told.js').Cell['outcome']>} */
async function visit(url, posted) {
  const profile = mkdtempSync(join(tmpdir(), 'deltaprop-firefox-'))
  writeFileSync(join(profile, 'user.js'), PREFERENCES)
  const options = ['--headless', '--no-remote', '--profile', profile, `${url}?post`]
  const firefox = spawn(EXECUTABLE, options, { stdio: 'ignore' })
  const exit = new Promise((resolve) => firefox.once('exit', resolve))
  const remove = () => rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  const killNow = () => {
    firefox.kill('SIGKILL')
    remove()
  }
  process.once('exit', killNow)
  try {
    return await waitUntilTold(() => posted, { patience: PATIENCE })
  } finally {
    process.off('exit', killNow)
    firefox.kill('SIGKILL')
    await exit
    remove()
  }
}
