// @ts-check
import { fileURLToPath } from 'node:url'
import { run } from './run.js'

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
  return JSON.parse(run('/usr/bin/python3', [path, ...options], input))
}
