/**
 * The export table of the prediction-only core: the exports of ../exports.ts that prediction calls, and what packs its
 * weights before. No logic.
 */
import { Network } from '../step/structs'
import { predict } from '../step/step'
import { pack } from './pack'

export function pack_f32(net: Network): void {
  pack<f32>(net)
}
export function pack_f64(net: Network): void {
  pack<f64>(net)
}

export function predict_f32(net: Network, out: usize, n: usize): void {
  predict<f32>(net, out, n)
}
export function predict_f64(net: Network, out: usize, n: usize): void {
  predict<f64>(net, out, n)
}
