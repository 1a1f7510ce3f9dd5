/** Sets the core that networks run on: the file in CORE, the same that KernelMemory reads. */
import { readFileSync } from 'node:fs'
import { setCore } from '../../src/index.js'

setCore(new WebAssembly.Module(readFileSync(process.env.CORE ?? 'build/core.wasm')))
