/** The entry deltaprop-cluster: selections of deltaprop on the workers of a NATS server. */
import { hostname } from 'node:os'
import type { NatsConnection } from '@nats-io/nats-core'
import type { ShardCluster, ShardElsewhere, ShardSums } from 'deltaprop'
import type { FitCluster } from 'deltaprop/selection'
import { checkJetStream, openConnection, type ConnectionOptions } from './connection.js'
import { coordinateFits } from './fits.js'
import { checkName, Names } from './names.js'
import { abortWith } from './patience.js'
import { predictFile, type FileProgress, type PredictOptions } from './predict-file.js'
import { openHeldShard, openSums, type ClusterSums } from './shards.js'
import type { JobLimits } from './streams.js'

export type { ConnectionOptions } from './connection.js'
export type { FileProgress, PredictOptions } from './predict-file.js'

/** Options of a cluster. */
export interface ClusterOptions extends ConnectionOptions, Partial<JobLimits> {
  /** several clusters may share a server: each has a name; 'deltaprop' unless given */
  readonly name?: string
  /** a connection that is there already, instead of servers and a user; closing the cluster leaves it open */
  readonly connection?: NatsConnection
  /** told of what a user should know: no workers, or of another version; console.warn unless given */
  readonly warn?: (text: string) => void
}

/** Workers somewhere, as the option `on` of searches, cross-validation and fit. */
export interface Cluster extends FitCluster, ShardCluster {
  /**
   * Predicts the rows of a large file: workers read pieces of it, and the answers are written in order, the bytes that
   * `deltaprop predict` writes. When its process is killed, or the signal aborts it, the same call goes on where it was;
   * `out` is there when it is complete.
   *
   * @returns how many pieces that was
   * @throws RangeError or TypeError that names an option; Error that names the file, and row or line and column of what
   *   is wrong in it; or the worker that does not see it, or sees another one; the signal's reason
   * @example
   * import { cluster } from 'deltaprop-cluster'
   * const on = await cluster()
   * await on.predict({ model: 'iris.safetensors', file: 'flowers.csv', out: 'species.csv' })
   * await on.close()
   */
  predict(options: PredictOptions): Promise<FileProgress>
  /**
   * Samples that workers have, and that stay with them, as a shard of `sharded`: those of
   * `deltaprop-cluster worker --shard name=file`. Every worker of the cluster must have it; a shard that others have is
   * of a cluster of its own.
   *
   * @throws RangeError unless it can be the name of one
   * @example
   * import { Network, sharded } from 'deltaprop'
   * import { cluster } from 'deltaprop-cluster'
   * const north = await cluster({ name: 'north' })
   * const here = { x: [[0, 0], [0, 1]], y: [0, 1] }
   * const net = new Network([2, 8, 1], { activation: 'tanh', seed: 1 })
   * await net.fit(sharded([here, north.shard('patients')]), { epochs: 100 })
   * await north.close()
   */
  shard(name: string): ShardElsewhere
  /** Closes the connection. What runs ends with an error; a selection goes on when it is run again. */
  close(): Promise<void>
}

const defaults: JobLimits = { lostAfter: 30, tries: 4, queue: 10_000 }

/**
 * Connects to a NATS server with JetStream, whose workers do the fits of a selection: those of
 * `deltaprop-cluster worker`.
 *
 * @throws RangeError or TypeError that names an option; Error if no server answers, or it refuses
 * @example
 * import { gridSearch } from 'deltaprop/selection'
 * import { cluster } from 'deltaprop-cluster'
 * const on = await cluster({ servers: 'nats://127.0.0.1:4222' })
 * const x = Array.from({ length: 60 }, (_, i) => [(i % 10) / 10, Math.floor(i / 10) / 6])
 * const y = x.map(([a, b]) => [a > b ? 1 : 0])
 * const network = { activation: { hidden: 'tanh', output: 'sigmoid' }, loss: 'binaryCrossEntropy' }
 * const space = { hidden: [[2], [8, 4]], learningRate: [0.01, 0.001] }
 * console.log(String(await gridSearch({ x, y }, { space, network, fit: { epochs: 30 }, seed: 1, on })))
 * await on.close()
 */
export async function cluster(options: ClusterOptions = {}): Promise<Cluster> {
  const {
    name = 'deltaprop',
    connection,
    warn = (text) => console.warn(`deltaprop-cluster: ${text}`),
  } = options
  const unknown = Object.keys(options).find((option) => !optionNames.includes(option))
  if (unknown !== undefined) {
    throw new RangeError(`options: expected one of ${optionNames.join(', ')}, got ${JSON.stringify(unknown)}`)
  }
  const names = new Names(name)
  const limits = {
    lostAfter: numberOf('lostAfter', options.lostAfter, defaults.lostAfter, 0.5),
    tries: integerOf('tries', options.tries, defaults.tries),
    queue: integerOf('queue', options.queue, defaults.queue),
  }
  const nc = connection ?? (await openConnection(options, `deltaprop-cluster coordinator of ${name}`))
  await checkJetStream(nc).catch(async (error: unknown) => {
    if (connection === undefined) await nc.close()
    throw error
  })
  const closed = new AbortController()
  const surroundings = { names, limits, host: `${hostname()}:${process.pid}`, warn, closed: closed.signal }
  const open = new Set<OpenSums>()
  const opened = <T extends OpenSums>(sums: T): T => {
    open.add(sums)
    void sums.closed.then(() => open.delete(sums))
    return sums
  }
  const running = new Set<Promise<unknown>>()
  const watched = <T>(run: Promise<T>): Promise<T> => {
    running.add(run)
    const end = (): void => void running.delete(run)
    run.then(end, end)
    return run
  }
  /** Runs something with a signal that follows another one, and the end of the cluster. */
  const untilClosed = async <T>(
    signal: AbortSignal | undefined,
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    const either = new AbortController()
    const unheard = abortWith(either, signal, closed.signal)
    try {
      either.signal.throwIfAborted()
      return await run(either.signal)
    } finally {
      unheard()
    }
  }
  return {
    name: 'cluster',
    runFits: (fits) =>
      watched(untilClosed(fits.signal, (signal) => coordinateFits(nc, { ...fits, signal }, surroundings))),
    predict: (options) =>
      watched(untilClosed(options.signal, (signal) => predictFile(nc, surroundings, { ...options, signal }))),
    openSums: async (shared, step) => opened(await watched(openSums(nc, shared, step, surroundings))),
    shard: (shard) => {
      checkName(shard)
      const openShard: ShardElsewhere['openShard'] = async (shared, ended) =>
        opened(await watched(openHeldShard(nc, shard, shared, surroundings, ended)))
      return { name: 'shard', openShard }
    },
    close: async () => {
      closed.abort(new Error('the cluster has been closed'))
      for (const sums of open) sums.end?.()
      await Promise.allSettled([...running, ...Array.from(open, ({ closed }) => closed)])
      if (connection === undefined) await nc.close()
    },
  }
}

/** What the end of a cluster ends. */
type OpenSums = ShardSums & Pick<ClusterSums, 'closed'>

const optionNames: readonly string[] = Object.keys({
  servers: true,
  user: true,
  password: true,
  token: true,
  credentials: true,
  tls: true,
  name: true,
  connection: true,
  lostAfter: true,
  tries: true,
  queue: true,
  warn: true,
} satisfies Record<keyof ClusterOptions, true>)

function numberOf(name: string, value: number | undefined, otherwise: number, min: number): number {
  if (value === undefined) return otherwise
  if (typeof value === 'number' && value >= min && Number.isFinite(value)) return value
  throw new RangeError(`${name}: expected a number >= ${min}, got ${String(value)}`)
}

function integerOf(name: string, value: number | undefined, otherwise: number): number {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) return value ?? otherwise
  throw new RangeError(`${name}: expected an integer >= 1, got ${String(value)}`)
}
