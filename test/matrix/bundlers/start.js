// @ts-check
/** Programs that serve until they are stopped. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { warningsIn } from './bundle.js'

const PATIENCE = 60_000

/**
 * Starts a program that a package brings, and waits until it tells its address.
 *
 * @param {string} folder of the project
 * @param {import('./bundle.js').Command} command
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ url: string, warnings: () => string[], stop: () => Promise<void> }>} the url does not end in a slash
 * @throws Error if it ends before, or says nothing of the kind in 60 s
 */
export async function start(folder, [program, ...args], env) {
  const child = spawn(join(folder, 'node_modules/.bin', program), args, {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', ...env },
  })
  const stop = async () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill()
    await once(child, 'exit')
  }
  const said = { stdout: '', stderr: '' }
  /** @type {Promise<string>} */
  const told = new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`${program} did not serve; it said: ${said.stdout}${said.stderr}`))
    for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
      child[name].setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        said[name] += text
        const url = /(http:\/\/localhost:\d+)\D/.exec(said.stdout)?.[1]
        if (url !== undefined) resolve(url)
      })
    }
    child.once('error', reject).once('exit', fail)
    setTimeout(fail, PATIENCE).unref()
  })
  try {
    return { url: await told, warnings: () => warningsIn(said.stdout, said.stderr), stop }
  } catch (error) {
    await stop()
    throw error
  }
}
