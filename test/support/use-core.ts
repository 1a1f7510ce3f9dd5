/** Sets the core that networks run on: the file in CORE, the same that KernelMemory reads. */
import { readFileSync } from 'node:fs'
import { setCoreBytes } from '../../src/engine/wasm/core.js'
import { instantiateBy } from '../../src/engine/wasm/instance.js'
import { loadCore } from './load-core.js'

instantiateBy(loadCore)
setCoreBytes(new Uint8Array(readFileSync(process.env.CORE ?? 'build/core.wasm')))
