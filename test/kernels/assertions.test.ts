/** The assertions of the kernels, which are alive in the debug core. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { spawn } from '../../src/engine/wasm/threads/spawn.js'
import { loadCore } from '../support/load-core.js'

describe('an assertion that fails', () => {
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 4 })
  const debug = loadCore(new WebAssembly.Module(readFileSync('build/core.debug.wasm')), memory)

  it('says its file, its line and its text', () => {
    const zeros = Array<number>(debug.affine_f32.length).fill(0)
    expect(() => void Reflect.apply(debug.affine_f32, undefined, zeros)).toThrow(
      /^assembly\/kernels\/affine\.ts:\d+: assert\(nIn > 0 && samples > 0\)$/,
    )
  })

  it('says its file and its place in a worker, too', async () => {
    const module = new WebAssembly.Module(readFileSync('build/core.debug.wasm'))
    const worker = spawn()
    try {
      await worker.ask({ type: 'start', module, memory: 4 })
      const zeros = Array<number>(debug.affine_f32.length).fill(0)
      const asked = worker.ask({
        type: 'call',
        writes: [],
        call: ['affine_f32', ...zeros] as never,
        reads: [],
      })
      await expect(asked).rejects.toThrow(/assembly\/kernels\/affine\.ts:\d+:\d+/)
    } finally {
      worker.end()
    }
  })

  it('is not there in the core that ships', () => {
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync('build/core.wasm')))
    expect(imports.map(({ name }) => name)).toEqual(['memory'])
  })
})
