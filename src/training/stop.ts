/** What training asks whether it is to end: as much of an AbortSignal as it needs. */
export interface StopSignal {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Why a signal has aborted; those of older libraries do not say. */
export function reasonOf(signal: object): unknown {
  if ('reason' in signal && signal.reason !== undefined) return signal.reason
  return Object.assign(new Error('this operation was aborted'), { name: 'AbortError' })
}

/** @throws its reason, if it has aborted */
export function throwIfAborted(signal: { readonly aborted: boolean } | undefined): void {
  if (signal?.aborted === true) throw reasonOf(signal)
}

/**
 * The signal of a fit, which its caller's signal ends, and whoever disposes of the network. To make an AbortController takes 5 µs, a third
 * of a fit of one small epoch, and contexts of node:vm have none.
 */
export class Stop implements StopSignal {
  aborted = false
  reason: unknown
  readonly #listeners = new Set<() => void>()

  abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    for (const listener of this.#listeners) listener()
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener)
  }
}
