// @ts-check
import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Does something, and tells how it was for this thread.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<{ result: T, seconds: number, longestPause: number }>} milliseconds that a timer of this thread came late at most
 */
export async function watched(work) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const start = performance.now()
  const result = await work()
  const seconds = (performance.now() - start) / 1000
  delay.disable()
  // Nanoseconds from one timer to the next, which are 1 ms apart at best; 0 if none has come.
  return { result, seconds, longestPause: delay.count === 0 ? 1000 * seconds : delay.max / 1e6 - 1 }
}
