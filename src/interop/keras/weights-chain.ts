/** A network of a file of Keras that has weights alone. */
import { rangeError } from '../../base/argument-error.js'
import { showName } from '../../base/check.js'
import type { Activation } from '../../definition/activations.js'
import { LayerChain } from '../layer-chain.js'
import { addDense } from './dense.js'
import { layersOf, textsIn, weightNames, type HDF5Weights, type LayerPlace } from './hdf5-weights.js'
import type { HDF5Object } from '../hdf5/objects.js'
import { bare, lastPart } from './weight-names.js'

/**
 * The layers Dense in their order; there may be others without weights.
 *
 * @param hidden between them
 * @throws RangeError for another layer with weights
 */
export function weightsChain(
  root: HDF5Object,
  weights: HDF5Weights,
  hidden: Activation,
  bytes: number,
): LayerChain {
  const chain = new LayerChain(bytes)
  for (const [i, layer] of layersIn(root).entries()) {
    if (i > 0) chain.activation(layer.label, hidden)
    addDense(chain, layer.label, weights.of(layer, layer.weights))
  }
  return chain
}

interface StoredLayer extends LayerPlace {
  readonly weights: readonly string[]
}

function layersIn(root: HDF5Object): readonly StoredLayer[] {
  const layers = layersOf(root)
  if (layers === undefined) return layersByName(root)
  const numbered = layers.names.flatMap((group) => {
    const layer = layers.at([group])
    const vars = layer?.at(['vars'])
    const count = vars?.names.length ?? 0
    const name = vars?.attribute('name')?.[0] ?? group
    const isModel = layer !== undefined && layersOf(layer) !== undefined
    if (count === 0 && !isModel) return []
    if (!/^dense(_\d+)?$/.test(group) || count > 2) throw otherLayer(name)
    return [{ ...storedLayer(name, group, count > 1), number: Number(group.slice('dense_'.length)) }]
  })
  return numbered.sort((one, other) => one.number - other.number)
}

/** Of Keras 2: the file lists its layers in their order. */
function layersByName(root: HDF5Object): readonly StoredLayer[] {
  const names = textsIn(root, 'layer_names')
  if (names.length === 0) throw rangeError('bytes', 'the weights of layers', 'none')
  return names.flatMap((name) => {
    const group = root.at(name.split('/'))
    const weights = group === undefined ? [] : weightNames(group)
    if (weights.length === 0) return []
    const own = weights.map((weight) => bare(lastPart(weight))).join(' ')
    if (own !== 'kernel bias' && own !== 'kernel') throw otherLayer(name)
    return [storedLayer(name, '', weights.length > 1)]
  })
}

function storedLayer(name: string, group: string, hasBias: boolean): StoredLayer {
  const weights = hasBias ? ['kernel', 'bias'] : ['kernel']
  return { name, label: showName(name), path: [{ name, group }], weights }
}

function otherLayer(name: string): RangeError {
  const hint = 'the option config says of what class it is, and what it does'
  return rangeError(showName(name), 'the weights of a layer Dense', 'those of another', { hint })
}
