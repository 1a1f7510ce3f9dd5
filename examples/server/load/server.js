// @ts-check
// A server in a process of its own, for measurements and tests.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const index = fileURLToPath(new URL('../index.js', import.meta.url))

/**
 * Whether the server can have a core of its own.
 */
export const canPin = availableParallelism() > 1 && hasTaskset()

/**
 * Starts the server on some port.
 *
 * @param {string[]} options of the server
 * @param {{ pinned?: boolean, node?: string[] }} [how] on the first core alone; options of Node
 */
export async function startServer(options, { pinned = false, node = [] } = {}) {
  const command = [process.execPath, ...node, index, '--port', '0', ...options]
  if (pinned) command.unshift('taskset', '-c', '0')
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] })
  // Where this process fails, the server would go on.
  process.once('exit', () => child.kill('SIGKILL'))
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.once('exit', resolve))
  /** @type {string[]} */
  const lines = []
  const output = createInterface(child.stdout)
  const closed = once(output, 'close')
  output.on('line', (line) => lines.push(line))
  await Promise.race([once(output, 'line'), ended])
  const port = Number(/^http:\/\/127\.0\.0\.1:(\d+) /.exec(lines[0] ?? '')?.[1])
  if (Number.isNaN(port)) throw new Error(`expected the server's address, got ${JSON.stringify(lines)}`)
  const url = `http://127.0.0.1:${port}`
  return {
    child,
    port,
    url,
    /** What it has printed. */
    lines,
    /** What GET /metrics says, by name. @returns {Promise<Record<string, number>>} */
    async metrics() {
      const text = await (await fetch(`${url}/metrics`)).text()
      return Object.fromEntries(
        Array.from(text.matchAll(/^deltaprop_(\S+) (\S+)$/gm), ([, name, value]) => [name, Number(value)]),
      )
    },
    /** Asks it to stop. @returns {Promise<number | null>} its exit code; null if a signal ended it */
    async stop() {
      child.kill('SIGTERM')
      await closed
      return ended
    },
  }
}

function hasTaskset() {
  try {
    execFileSync('taskset', ['-p', String(process.pid)], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
