import { countersAt, countersBytes } from './wasm/layout.generated.js'

/** The layout of an engine's counters: the kernels define it, and the plain engine follows it. */
export { countersAt }

/** The number of counters. */
export const COUNTERS = countersBytes / 8
