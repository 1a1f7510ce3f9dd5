/** The entry of Node: all of the main entry, and files. */
export * from '../index.js'
export { load } from './load.js'
export type { Loadable, LoadOptions } from './load.js'
export { save } from './save.js'
export type { Saveable } from './save.js'
