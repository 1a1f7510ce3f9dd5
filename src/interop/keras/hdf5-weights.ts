/**
 * The weights of layers in HDF5. Keras 3 has them by the classes of the layers and by number, in the order in which a
 * layer has them:
 *
 *     layers/dense/vars/0                   kernel of the first Dense of a model, whatever its name is
 *     layers/sequential/layers/dense/…      of a model that is a layer
 *
 * Keras 2, and Keras 3 in files that end in .h5, by the names of the layers, and of the weights:
 *
 *     model_weights/hidden                  has weight_names: sequential/hidden/kernel, sequential/hidden/bias
 *     model_weights/inner                   of a model that is a layer, all within it
 */
import { rangeError } from '../../base/argument-error.js'
import { showName } from '../../base/check.js'
import { checkFinite } from '../../formats/numbers.js'
import type { KerasWeight } from './dense.js'
import type { HDF5Object } from '../hdf5/objects.js'
import type { KerasLayer } from './layers.js'
import { alone, bare, checkAlone, lastPart } from './weight-names.js'

/** What says where the weights of a layer are. */
export type LayerPlace = Pick<KerasLayer, 'name' | 'label' | 'path'>

/** The weights of a group by name: their paths in it, and whose they are. */
interface StoredNames {
  readonly all: readonly (readonly string[])[]
  /** by the last part but one of their paths, the name of the layer */
  readonly ofLayer: ReadonlyMap<string, readonly (readonly string[])[]>
}

/** Reads the weights of layers, and knows whether some are f64. */
export class HDF5Weights {
  readonly #root: HDF5Object
  readonly #isByName: boolean
  readonly #stored = new Map<HDF5Object, StoredNames>()
  /** whether a weight that was read is f64 */
  isDouble = false

  /** @param root of a file of either kind */
  constructor(root: HDF5Object) {
    this.#root = root.at(['model_weights']) ?? root
    this.#isByName = layersOf(root) === undefined
  }

  /**
   * @param names of the weights that are read
   * @param others that may be there, too
   * @throws RangeError unless the file has each of them, of finite numbers, and no more
   */
  of(layer: LayerPlace, names: readonly string[], others: readonly string[] = []): readonly KerasWeight[] {
    const found = this.#isByName ? this.#byName(layer, names, others) : this.#byPlace(layer, names, others)
    return found.map((object, i) => {
      const label = `${layer.label}.${names[i]}`
      const { type, shape, numbers } = object.numbers(label)
      checkFinite(label, numbers, shape.length === 2 ? shape[1] : undefined)
      this.isDouble ||= type === 'F64'
      return { shape, numbers }
    })
  }

  #byPlace(
    { label, path }: LayerPlace,
    names: readonly string[],
    others: readonly string[],
  ): readonly HDF5Object[] {
    let model: HDF5Object | undefined = this.#root
    for (const { group } of path) model = model && layersOf(model)?.at([group])
    const all = model?.at(['vars'])
    if (all === undefined) {
      const place = path.map(({ group }) => group).join('/')
      const hint = path.length > 1 ? 'Keras writes a layer of two models once; .h5 has it in both' : ''
      throw rangeError(label, `weights in layers/${place}/vars`, 'none', { hint })
    }
    const { length } = all.names
    if (length > names.length + others.length) throw rangeError(label, alone(names), `${length} weights`)
    return names.map((own, i) => {
      const found = all.at([String(i)])
      if (found === undefined) throw rangeError(label, `a ${own}`, `${length} weights`)
      return found
    })
  }

  #byName(
    { name, label, path }: LayerPlace,
    names: readonly string[],
    others: readonly string[],
  ): readonly HDF5Object[] {
    const group = this.#root.at(path[0].name.split('/'))
    const { all, ofLayer } =
      group === undefined ? { all: [], ofLayer: new Map<string, []>() } : this.#namesIn(group)
    // A layer has its group for itself, whatever its weights are called; a model shares one among its layers.
    const stored = path.length === 1 ? all : (ofLayer.get(lastPart(name)) ?? [])
    const found = names.map((own) => {
      const paths = stored.filter((parts) => ownName(parts) === own)
      const object = paths.length === 1 ? group?.at(paths[0]) : undefined
      if (object !== undefined) return object
      const layers = textsIn(this.#root, 'layer_names').slice(0, 8).map(showName).join(', ')
      const got = paths.length > 1 ? 'several' : `none; the layers of the file are ${layers}`
      throw rangeError(label, `a ${own} of its own`, got)
    })
    checkAlone(label, stored.map(ownName), names, others)
    return found
  }

  #namesIn(group: HDF5Object): StoredNames {
    const known = this.#stored.get(group)
    if (known !== undefined) return known
    const all = weightNames(group).map((each) => each.split('/'))
    const ofLayer = new Map<string, string[][]>()
    for (const parts of all) {
      const layer = parts.at(-2) ?? ''
      const same = ofLayer.get(layer)
      if (same === undefined) ofLayer.set(layer, [parts])
      else same.push(parts)
    }
    const names = { all, ofLayer }
    this.#stored.set(group, names)
    return names
  }
}

/** The layers of a model in a file of Keras 3; its first version, and TensorFlow 2.13, named them otherwise. */
export function layersOf(model: HDF5Object): HDF5Object | undefined {
  return model.at(['layers']) ?? model.at(['_layer_checkpoint_dependencies'])
}

/** Of a group of a layer; Keras splits a list that is longer than an attribute may be. */
export function weightNames(group: HDF5Object): readonly string[] {
  return textsIn(group, 'weight_names')
}

/** @param name of an attribute, or of several: name0, name1 … */
export function textsIn(group: HDF5Object, name: string): readonly string[] {
  const whole = group.attribute(name)
  if (whole !== undefined) return whole
  const texts: string[] = []
  for (let i = 0; ; ++i) {
    const part = group.attribute(`${name}${i}`)
    if (part === undefined) return texts
    texts.push(...part)
  }
}

/** The name of a weight by itself. */
function ownName(parts: readonly string[]): string {
  return bare(parts.at(-1) ?? '')
}
