import { readFileSync } from 'node:fs'
import { setCore } from '../../src/index.js'

setCore(new WebAssembly.Module(readFileSync('build/core.debug.wasm')))
