/** As much of worker_threads of Node as is used here. */
export interface NodeThreads {
  readonly Worker: new (
    source: string,
    options: { eval: boolean; execArgv: string[] },
  ) => NodePort & {
    terminate(): unknown
  }
  readonly parentPort: NodePort | null
  readonly MessageChannel: new () => {
    readonly port1: { postMessage(message: unknown, transfer: unknown[]): void; close(): void }
  }
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

/** In browsers, bundlers may have put something else there. */
export function nodeProcess(): NodeProcess | undefined {
  return (globalThis as { process?: NodeProcess }).process
}

/** The modules by name, in Node before 20.16, where they can only be imported. */
const imported = new Map<string, unknown>()

/**
 * A module of Node, without an import that bundlers for browsers would fail on. Undefined in other runtimes, and in
 * Node before 20.16 until importNodeModules has resolved.
 */
export function nodeModule(name: string): unknown {
  return nodeProcess()?.getBuiltinModule?.(name) ?? imported.get(name)
}

/**
 * Makes nodeModule work before Node 20.16, too; undefined where there is nothing to wait for. The import has a name
 * that bundlers cannot see, so that they leave it alone. Where imports are forbidden there are no modules.
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
