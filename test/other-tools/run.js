// @ts-check
import { spawnSync } from 'node:child_process'

/**
 * What a program prints.
 *
 * @param {string} command
 * @param {readonly string[]} options
 * @param {string} [input]
 * @param {'stdout' | 'stderr'} [where]
 */
export function run(command, options, input = '', where = 'stdout') {
  const { status, error, ...printed } = spawnSync(command, options, {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: 300_000,
  })
  if (status !== 0) throw new Error(`${command}: ${error === undefined ? printed.stderr : String(error)}`)
  return printed[where]
}
