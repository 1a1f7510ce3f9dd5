import { nodeModule, nodeThreads } from './node-modules.js'

/** Whether this runtime has workers. Cloudflare's has those of Node in name only: making one throws. */
export function hasWorkers(): boolean {
  if (typeof Worker === 'function') return true
  return nodeThreads() !== undefined && thisNavigator()?.userAgent !== 'Cloudflare-Workers'
}

/** Whether workers can share a memory; in pages that needs cross-origin isolation. */
export function canShare(): boolean {
  return typeof SharedArrayBuffer === 'function' && hasWorkers()
}

/** How many threads can run at once. */
export function cpuCount(): number {
  const os = nodeModule('node:os') as { availableParallelism?: () => number } | undefined
  return os?.availableParallelism?.() ?? thisNavigator()?.hardwareConcurrency ?? 1
}

/** Node has a navigator since version 21. */
function thisNavigator(): { readonly hardwareConcurrency?: number; readonly userAgent?: string } | undefined {
  return (globalThis as { navigator?: ReturnType<typeof thisNavigator> }).navigator
}
