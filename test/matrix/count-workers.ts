/**
 * How many workers answer while this runs, of those that browsers have, or of Node's threads: where a policy of the page forbids them some
 * browsers make one that never starts.
 */
export async function countWorkers(run: () => Promise<void>): Promise<number> {
  const { process, workerThreads } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => unknown }
    /** the module, where Node is too old to give it */
    workerThreads?: unknown
  }
  const threads = process?.getBuiltinModule?.('node:worker_threads') ?? workerThreads
  const places = [globalThis, threads].filter(hasWorker)
  const originals = places.map((place) => place.Worker)
  let count = 0
  for (const place of places) {
    place.Worker = new Proxy(place.Worker, {
      construct(target, args: unknown[]): object {
        const worker = Reflect.construct(target, args) as Web | Node
        if ('once' in worker) worker.once('message', () => ++count)
        else worker.addEventListener('message', () => ++count, { once: true })
        return worker
      },
    })
  }
  try {
    await run()
    return count
  } finally {
    for (const [i, place] of places.entries()) place.Worker = originals[i]
  }
}

interface Web {
  addEventListener: (type: 'message', listener: () => void, options: { once: true }) => void
}

interface Node {
  once: (type: 'message', listener: () => void) => void
}

interface HasWorker {
  Worker: new (...args: never[]) => object
}

function hasWorker(place: unknown): place is HasWorker {
  return typeof (place as Partial<HasWorker> | undefined)?.Worker === 'function'
}
