// @ts-check
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../index.js', import.meta.url))

it('tells what happens, in plain lines where that is no terminal', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
    encoding: 'utf8',
    timeout: 300_000,
  })
  assert.deepEqual([status, stderr], [0, ''])
  assert.match(stdout, /^epoch 30\/30 {2}loss 0\.\d{4} {2}validation {2}9\d\.\d %$/m)
  assert.match(stdout, /^Worker {5}\d+\.\d\d s; the main thread's longest pause was \d+\.\d ms$/m)
  assert.match(stdout, /^Networks {3}all three the same, bit for bit$/m)
  assert.match(stdout, /^Predicts {3}9\d\.\d % of 539 other digits, on the main thread$/m)
  assert.ok(!stdout.includes('\x1b'), 'no escape codes')
})

it('Ctrl-C keeps what there is', { timeout: 300_000, skip: process.platform === 'win32' }, async (t) => {
  const child = spawn(process.execPath, [program, '--epochs', '1000000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    stdout += text
    if (child.killed || !/^epoch +1\//m.test(stdout)) return
    child.kill('SIGINT') // a second one would end it at once
  })
  /** @type {[unknown, unknown]} */
  const end = await new Promise((resolve) => child.on('close', (...end) => resolve(end)))
  assert.deepEqual(end, [0, null])
  assert.match(stdout, /^Cancelled {2}the network is that of the last finished epoch$/m)
  assert.match(stdout, /^Predicts {3}\d\d\.\d % of 539 other digits, on the main thread$/m)
})
