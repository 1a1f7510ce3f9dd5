import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { sleep } from './patience.js'
import type { Orders, Report } from './worker-process.js'
import type { WorkerState } from './worker.js'

/** All workers of this machine, as the command shows them. */
export interface Workers {
  readonly running: number
  readonly busy: number
  readonly done: number
  readonly failed: number
  /** processes that have died, and been replaced */
  readonly died: number
}

/** Between the death of a worker and the next in its place, in milliseconds: many jobs may end their process. */
const AGAIN_MS = 500
/** Until workers that are asked to end are killed, in milliseconds. */
const END_MS = 5000

const program = fileURLToPath(new URL('./worker-process.js', import.meta.url))

/**
 * Runs so many workers, each in a process of its own, and another one in the place of each that dies, until the signal
 * aborts.
 *
 * @param onChange called with what they are doing, and with a line if something has happened that should be read
 * @throws Error if a worker cannot work: no server answers, or it refuses
 */
export async function supervise(
  count: number,
  orders: Orders,
  signal: AbortSignal,
  onChange: (workers: Workers, line?: string) => void,
): Promise<void> {
  const places = Array.from({ length: count }, () => new Place())
  const stop = new AbortController()
  const end = (): void => stop.abort()
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  let died = 0
  const tell = (line?: string): void => onChange(sum(places, died), line)
  try {
    await Promise.all(
      places.map(async (place) => {
        const isOver = (): boolean => stop.signal.aborted
        while (!isOver()) {
          const how = await place.run(orders, stop.signal, tell)
          if (isOver()) return
          died += 1
          tell(`a worker died (${how}); another one takes its place`)
          await sleep(AGAIN_MS, stop.signal)
        }
      }),
    )
  } finally {
    end()
    signal.removeEventListener('abort', end)
    await Promise.all(places.map((place) => place.ended))
  }
}

/** One worker after the other. */
class Place {
  /** of processes that have ended */
  readonly before = { done: 0, failed: 0 }
  state: WorkerState | undefined
  ended: Promise<unknown> = Promise.resolve()
  #hasWorked = false

  /** @returns how the process has ended @throws Error that it has given for its end */
  async run(orders: Orders, stop: AbortSignal, tell: () => void): Promise<string> {
    const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'json' })
    let error: string | undefined
    child.on('message', (report: Report) => {
      if ('error' in report) error = report.error
      else {
        this.state = report.state
        this.#hasWorked = true
      }
      tell()
    })
    const exited = exitOf(child)
    this.ended = exited
    child.send(orders)
    const end = (): void => void endOf(child, exited)
    stop.addEventListener('abort', end)
    try {
      const how = await exited
      this.before.done += this.state?.done ?? 0
      this.before.failed += this.state?.failed ?? 0
      this.state = undefined
      // Later, what kept it from working may pass: a server that is started anew.
      if (error !== undefined && !stop.aborted && !this.#hasWorked) throw new Error(error)
      return error ?? how
    } finally {
      stop.removeEventListener('abort', end)
    }
  }
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
}

async function endOf(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.connected) child.send('end', () => undefined)
  const patience = new AbortController()
  void exited.then(() => patience.abort())
  await sleep(END_MS, patience.signal)
  if (child.exitCode === null) child.kill('SIGKILL')
}

function sum(places: readonly Place[], died: number): Workers {
  const states = places.flatMap(({ state }) => state ?? [])
  const total = (name: 'done' | 'failed'): number =>
    places.reduce((all, { before, state }) => all + before[name] + (state?.[name] ?? 0), 0)
  return {
    running: places.length,
    busy: states.filter(({ run }) => run !== undefined).length,
    done: total('done'),
    failed: total('failed'),
    died,
  }
}
