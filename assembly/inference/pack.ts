import { ROWS } from '../panels/tile'
import { copy } from '../simd'
import { Network, layerOf } from '../step/structs'

/**
 * Packs the weights of all layers in place, see IS_PACKED; those of a last strip of fewer rows as well:
 *
 *     packed[j / ROWS][k][j % ROWS] = w[j][k]
 *
 *     w      nOut × nIn    of each layer, row-major, (37); overwritten
 *     input  ROWS × nIn    of each layer, overwritten: a panel has room for as many numbers
 */
export function pack<T extends number>(net: Network): void {
  for (let l: usize = 0; l < net.layers; ++l) {
    const layer = layerOf(net, l)
    const nIn = layer.nIn
    let packed = layer.w
    for (let j: usize = 0; j < layer.nOut; j += ROWS) {
      const rows = min(ROWS, layer.nOut - j)
      copy<T>(layer.input, packed, rows * nIn)
      let row = layer.input
      for (let k: usize = 0; k < nIn; ++k) {
        let w = row
        for (let i: usize = 0; i < rows; ++i) {
          store<T>(packed, load<T>(w))
          packed += sizeof<T>()
          w += nIn * sizeof<T>()
        }
        row += sizeof<T>()
      }
    }
  }
}
