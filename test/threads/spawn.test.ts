/** Workers as the thread that starts them holds them. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, it, vi } from 'vitest'
import { spawn } from '../../src/engine/wasm/threads/spawn.js'

afterEach(() => void vi.unstubAllGlobals())

it('a worker that runs is no garbage, even if only promises wait for it', async () => {
  const made: WeakRef<object>[] = []
  class Idle {
    constructor() {
      made.push(new WeakRef(this))
    }
    postMessage(): void {
      // It does not answer.
    }
    terminate(): void {
      // It has ended.
    }
  }
  vi.stubGlobal('Worker', Idle)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // In functions of their own, whose variables are gone.
  const asked = (() => spawn().ask({ type: 'call', writes: [], call: undefined, reads: [] }))()
  ;(() => {
    spawn().end()
  })()
  // A WeakRef holds what it has given until the turn is over.
  for (let i = 0; i < 2; ++i) {
    await new Promise((resolve) => void setImmediate(resolve))
    collect()
  }
  expect(made.map((each) => each.deref() === undefined)).toEqual([false, true])
  void asked
})
