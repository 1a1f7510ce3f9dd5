import type { CoreExports } from '../instance.js'

/** The first message to a worker. */
export interface StartMessage {
  readonly type: 'start'
  readonly module: WebAssembly.Module
  /** shared by the workers; or, if it cannot be shared, the number of pages of the worker's own */
  readonly memory: WebAssembly.Memory | number
}

/**
 * One call of a module export. The worker knows nothing of what it means: addresses and numbers are the caller's
 * business. With shared memory there is nothing to write or to read.
 */
export interface CallMessage {
  readonly type: 'call'
  /** written before the call */
  readonly writes: readonly { readonly address: number; readonly bytes: Uint8Array }[]
  readonly call: Call | undefined
  /** read after the call */
  readonly reads: readonly { readonly address: number; readonly length: number }[]
}

/** An export and its arguments. */
export type Call = readonly [name: keyof CoreExports, ...args: (number | boolean)[]]

export type Message = StartMessage | CallMessage

/** A worker's answer to a message once it has handled it: the bytes that were to be read. */
export type Reply = readonly Uint8Array[]
