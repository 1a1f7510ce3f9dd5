import { baseline } from '../../src/engine/baseline/index.js'

/** What the option `engine` takes, by its name. */
export const engineOf = { wasm: 'wasm', baseline } as const

/** The options that read a network with the engine of this one. */
export const like = ({ engine }: { readonly engine: keyof typeof engineOf }) => ({ engine: engineOf[engine] })
