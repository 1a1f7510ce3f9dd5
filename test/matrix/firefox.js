// @ts-check
/**
 * Debian's Firefox, with nobody at its wheel: it is started with a page, which posts what it has to say.
 * Not in a session of WebDriver BiDi: there one of fifty `new Worker` in a worker stopped for good, whatever it ran (Firefox 153.7).
 */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Missing } from './kit.js'
import { waitUntilTold } from './told.js'

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

/** @type {import('./told.js').Browser['report']} */
async function report(url, { posted } = {}) {
  if (posted === undefined) throw new Error('expected what the page posts')
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
    return await waitUntilTold(() => posted)
  } finally {
    process.off('exit', killNow)
    firefox.kill('SIGKILL')
    await exit
    remove()
  }
}
