/**
 * The server example under attack, six times for ten seconds, and by more than in its own tests. It has packages of its own: here, and in
 * full alone, they are installed where they are not there.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect } from 'vitest'
import { Network } from '../../../src/index.js'
import { attack } from '../attack.js'

const EXAMPLE = 'examples/server'

/** What of the example is used: it is JavaScript, whose types are there only where it is installed. */
interface Attackers {
  readonly attack: (
    port: number,
    options: { attackers: number; ms: number; request: Buffer; answer: string },
  ) => Promise<{ opened: number; wrong: string[]; asked: number; answered: number; resident: number }>
}
interface Client {
  readonly toRequest: (type: string, body: Uint8Array) => Buffer
}
interface Starter {
  readonly startServer: (options: string[]) => Promise<{
    child: { kill(signal: string): void }
    port: number
    metrics(): Promise<Record<string, number>>
    stop(): Promise<number | null>
  }>
}

const load = async <T>(file: string): Promise<T> =>
  (await import(pathToFileURL(join(EXAMPLE, file)).href)) as T

const folder = mkdtempSync(join(tmpdir(), 'server-'))
const model = join(folder, 'model.safetensors')
const net = new Network([784, 128, 10], { activation: { hidden: 'relu', output: 'softmax' }, seed: 1 })

beforeAll(() => {
  writeFileSync(model, net.toBytes())
  if (existsSync(join(EXAMPLE, 'node_modules', 'fastify'))) return
  const shell = process.platform === 'win32'
  execFileSync('npm', ['ci', '--prefix', EXAMPLE, '--no-audit', '--no-fund'], { shell })
}, 600_000)
afterAll(() => rmSync(folder, { recursive: true }))

attack(
  'Servers',
  'who is honest is answered while 2,000 others attack',
  { short: 1, full: 6 },
  async (random) => {
    const { startServer } = await load<Starter>('load/server.js')
    const { toRequest } = await load<Client>('load/client.js')
    const { attack: attackServer } = await load<Attackers>('test/attackers.js')
    const server = await startServer([
      '--model',
      model,
      '--idle-timeout',
      '1000',
      '--request-timeout',
      '2000',
    ])
    try {
      const x = Float32Array.from({ length: 784 }, () => random.uniform())
      const probabilities = Array.from(net.predict(x))
      const classes = [probabilities.indexOf(Math.max(...probabilities))]
      const before = await server.metrics()
      const { opened, wrong, asked, answered, resident } = await attackServer(server.port, {
        attackers: 2000,
        ms: 10_000,
        request: toRequest('application/octet-stream', Buffer.from(x.buffer)),
        answer: JSON.stringify({ classes, probabilities: [probabilities] }),
      })
      expect(wrong).toEqual([])
      expect(opened).toBeGreaterThan(1000)
      expect(asked).toBeGreaterThan(0)
      expect(answered).toBe(asked)
      expect(resident - before.resident_memory_bytes).toBeLessThan(256 * 2 ** 20)
      expect(await server.stop()).toBe(0)
    } finally {
      server.child.kill('SIGKILL')
    }
  },
)
