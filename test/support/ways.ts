import { baseline } from '../../src/engine/baseline/index.js'

/** What the option `engine` takes, by its name. */
export const engineOf = { wasm: 'wasm', baseline } as const
