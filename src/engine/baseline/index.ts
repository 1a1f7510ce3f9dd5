import type { BaselineEngine as BaselineOption } from '../../definition/spec.js'
import { BaselineEngine } from './baseline.js'

/**
 * The engine in plain JavaScript, for where WebAssembly or its SIMD is missing or unwanted: it runs everywhere, and
 * its bits differ from those of the other engine but are the same everywhere.
 *
 * @example
 * import { Network } from 'deltaprop'
 * import { baseline } from 'deltaprop/baseline'
 * const net = new Network([2, 1], { engine: baseline })
 * Network.fromBytes(net.toBytes(), { engine: baseline }).engine // baseline
 */
export const baseline: BaselineOption = {
  name: 'baseline',
  create: (spec, rows) => new BaselineEngine(spec, rows),
}
