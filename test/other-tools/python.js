// @ts-check
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * What a script of this folder prints, as JSON, in Debian's Python, which has its packages.
 *
 * @param {string} script
 * @param {readonly string[]} options
 * @param {string} [input]
 * @returns {unknown}
 */
export function python(script, options = [], input = '') {
  const path = script.startsWith('/') ? script : fileURLToPath(new URL(script, import.meta.url))
  const { status, stdout, stderr, error } = spawnSync('/usr/bin/python3', [path, ...options], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw new Error(`${script}: ${error === undefined ? stderr : String(error)}`)
  return JSON.parse(stdout)
}
