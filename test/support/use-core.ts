/** Sets the core that networks run on: the file in CORE, the same that KernelMemory reads. */
import { readFileSync } from 'node:fs'
import { setCoreBytes } from '../../src/engine/wasm/core.js'

setCoreBytes(new Uint8Array(readFileSync(process.env.CORE ?? 'build/core.wasm')))
