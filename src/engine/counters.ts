import { countersAt, countersBytes } from './wasm/layout.generated.js'

/** Where what lies in an engine's counters: the kernels say, and the plain engine does as they do. */
export { countersAt }

/** How many counters there are. */
export const COUNTERS = countersBytes / 8
