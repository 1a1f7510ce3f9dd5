/** The commands of docs/cluster.md, word for word, in an empty folder, with the packages as npm would have them. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { blocksOf } from '../../../scripts/blocks.js'
import { partOf } from './page.js'
import { ending, file, freePort, temporaryFolder, until } from './support.js'

/** Where Debian puts it, as the page says. */
const SERVER = '/usr/sbin/nats-server'

/** Printed when all commands have succeeded. */
const END = 'all commands have ended'

/** @param {string} folder of a package @param {string} out @returns its tarball there */
function packed(folder, out) {
  const options = ['pack', '--ignore-scripts', '--json', '--pack-destination', out]
  const said = execFileSync('npm', options, { cwd: folder, encoding: 'utf8' })
  const [{ filename }] = /** @type {(text: string) => { filename: string }[]} */ (JSON.parse)(said)
  return join(out, filename)
}

describe('the page', { skip: existsSync(SERVER) ? false : `NOT TESTED: no ${SERVER}` }, () => {
  it('from a server to a finished search, a fit and answers for a file', async (t) => {
    const [folder, tarballs, port] = [temporaryFolder(t), temporaryFolder(t), await freePort()]
    const packages = [packed(file('../../..'), tarballs), packed(file('..'), tarballs)].join(' ')
    const parts = [
      'In five minutes',
      'Training one network together',
      'Samples that stay where they are',
      'Scoring a large file',
      'What is going on',
    ]
    const blocks = parts.flatMap((heading) => blocksOf(partOf(heading)))
    for (const { name, code } of blocks) {
      if (name !== undefined) {
        const servers = `'nats://127.0.0.1:${port}'`
        const there = code
          .replace("'nats://127.0.0.1:4222'", servers)
          .replace('cluster()', `cluster({ servers: ${servers} })`)
          .replace("name: 'north'", `$&, servers: ${servers}`)
        writeFileSync(join(folder, name), there)
      }
    }
    const commands = blocks.filter(({ language }) => language === 'sh').map(({ code }) => code)
    const script = commands
      .join('')
      .replace(/^sudo .*$/gm, '')
      .replace(`${SERVER} `, `${SERVER} -p ${port} `)
      .replace('npm install deltaprop deltaprop-cluster', `npm install --no-audit --no-fund ${packages}`)
      .replace('status --watch', 'status')
      .replace('node search.mjs', '$&\nnode train.mjs')
    const shell = spawn('bash', ['-euc', `${script}\necho ${END}`], {
      cwd: folder,
      // A group of its own, which ends as a whole.
      detached: true,
      // Node colours what its programs print where colours are forced.
      env: { ...process.env, FORCE_COLOR: undefined, NATS_URL: `nats://127.0.0.1:${port}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    ending(t, () => {
      try {
        process.kill(-Number(shell.pid), 'SIGKILL')
      } catch {
        // It has ended.
      }
    })
    let [out, err] = ['', '']
    shell.stdout.on('data', (text) => (out += String(text)))
    shell.stderr.on('data', (text) => (err += String(text)))
    // What it has started in the background goes on.
    await until(() => shell.exitCode !== null || out.includes(END), 120)
    assert.ok(out.includes(END), `${out}\n${err}`)
    const table = blocks.find(({ language }) => language === 'text')?.code ?? ''
    assert.ok(withoutTimes(out).includes(withoutTimes(table)), `${out}\n${err}`)
    assert.match(out, /^2$/m)
    assert.match(out, /^20 epochs$/m)
    assert.match(out, /^cluster deltaprop at 127\.0\.0\.1:\d+, nats-server \d/m)
    const data = 'node_modules/deltaprop/examples/data/iris.csv'
    const answers = execFileSync('npx', ['deltaprop', 'predict', 'iris.safetensors', data], { cwd: folder })
    assert.deepEqual(readFileSync(join(folder, 'species.csv')), answers)
  })
})

/** Lines without the seconds at their end, and without what aligns columns. @param {string} text */
function withoutTimes(text) {
  return text
    .trimEnd()
    .replace(/ +/g, ' ')
    .replace(/ \d+\.\d+$/gm, '')
}
