import type { CoreExports } from '../exports.js'

/** The first message to a worker. */
export interface StartMessage {
  readonly type: 'start'
  readonly module: WebAssembly.Module
  /** shared by the team; or how many pages a worker that is alone has */
  readonly memory: WebAssembly.Memory | number
}

/**
 * One call of what the module exports, of which a worker knows nothing: addresses and numbers are its caller's. Where memory is
 * shared there is nothing to write or to read.
 */
export interface CallMessage {
  readonly type: 'call'
  /** written before */
  readonly writes: readonly { readonly address: number; readonly bytes: Uint8Array }[]
  readonly call: Call | undefined
  /** read after */
  readonly reads: readonly { readonly address: number; readonly length: number }[]
}

/** An export, and its arguments. */
export type Call = readonly [name: keyof CoreExports, ...args: (number | boolean)[]]

export type Message = StartMessage | CallMessage

/** What a worker answers to every message, when it is done with it: what was to be read. */
export type Reply = readonly Uint8Array[]
