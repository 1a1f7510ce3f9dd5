// @ts-check
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Network } from 'deltaprop'

const folder = mkdtempSync(join(tmpdir(), 'deltaprop-server-'))
after(() => rmSync(folder, { recursive: true }))

/** @param {string} program @param {string[]} options */
function run(program, ...options) {
  const file = fileURLToPath(new URL(`../${program}`, import.meta.url))
  return spawnSync(process.execPath, [file, ...options], { encoding: 'utf8', cwd: folder, timeout: 300_000 })
}

it('train makes a network that reads at least 95 % of the digits that it has not seen', () => {
  const { status, stdout, stderr } = run('train.js', 'digits.safetensors')
  assert.deepEqual([status, stderr], [0, ''])
  const [, share] = /Reads (\d+\.\d) % of 539 others; saved as digits\.safetensors/.exec(stdout) ?? []
  assert.ok(Number(share) >= 95, stdout)
  const net = Network.fromBytes(readFileSync(join(folder, 'digits.safetensors')))
  assert.deepEqual([net.inputs, net.layers[0].units, net.outputs], [784, 128, 10])
})

it('the server says what it cannot start with', () => {
  const missing = run('index.js', '--model', 'none.safetensors')
  assert.equal(missing.status, 1)
  assert.match(
    missing.stderr,
    /^server: model: expected a file, which `npm run train` makes, got Error: ENOENT/,
  )
  const wrong = run('index.js', '--model', 'digits.safetensors', '--port', 'http')
  assert.deepEqual(
    [wrong.status, wrong.stderr],
    [1, 'server: --port: expected an integer >= 0, got "http"\n'],
  )
})
