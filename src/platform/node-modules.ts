/** What worker_threads of Node has, as far as it is used here. */
export interface NodeThreads {
  readonly Worker: new (
    source: string,
    options: { eval: boolean; execArgv: string[] },
  ) => NodePort & {
    terminate(): unknown
  }
  readonly parentPort: NodePort | null
}

interface NodePort {
  postMessage(message: unknown): void
  on(event: string, listener: (value: never) => void): void
}

interface NodeProcess {
  readonly platform?: string
  readonly getBuiltinModule?: (name: string) => unknown
  readonly versions?: { readonly node?: string }
}

/** In browsers a bundler may have put something else there. */
export function nodeProcess(): NodeProcess | undefined {
  return (globalThis as { process?: NodeProcess }).process
}

/** The modules that are used, by name, in a Node before 20.16, which has them by imports alone. */
const imported = new Map<string, unknown>()

/**
 * A module of Node, without an import that a bundler for browsers would trip over; undefined elsewhere, and before Node 20.16 until
 * importNodeModules is done.
 */
export function nodeModule(name: string): unknown {
  return nodeProcess()?.getBuiltinModule?.(name) ?? imported.get(name)
}

/**
 * Has nodeModule find them before Node 20.16, too; undefined where there is nothing to wait for. Bundlers leave an import alone whose
 * name they do not know; where imports are forbidden it is as if there were no modules.
 */
export function importNodeModules(): Promise<unknown> | undefined {
  const process = nodeProcess()
  if (process?.versions?.node === undefined || process.getBuiltinModule !== undefined) return undefined
  const names = ['node:fs', 'node:os', 'node:path', 'node:worker_threads']
  const load = async (name: string): Promise<void> => {
    imported.set(name, await import(/* webpackIgnore: true */ /* @vite-ignore */ name))
  }
  return Promise.all(names.map(load)).catch(() => undefined)
}

export function nodeThreads(): NodeThreads | undefined {
  return nodeModule('node:worker_threads') as NodeThreads | undefined
}
