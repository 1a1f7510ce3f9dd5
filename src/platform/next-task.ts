/** Node's, Bun's and Deno's: a fifth of what a MessageChannel takes (measured). */
const { setImmediate } = globalThis as { setImmediate?: (call: () => void) => unknown }

/**
 * Resolves in a later task, so that the event loop gets to timers, input and output in between, and does not wait for them. A timer,
 * which a browser lets wait 4 ms, does where there is no MessageChannel either: in Cloudflare's Workers with a compatibility date before
 * 2025-08-15. Where there is neither, in a bare context of node:vm, there is no event loop to let go on.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve)
    } else if (typeof MessageChannel === 'function') {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        port1.close()
        resolve()
      }
      port2.postMessage(undefined)
    } else if (typeof setTimeout === 'function') {
      setTimeout(resolve, 0)
    } else {
      resolve()
    }
  })
}
