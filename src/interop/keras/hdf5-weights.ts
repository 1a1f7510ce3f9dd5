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
import type { KerasWeight } from './chain.js'
import type { HDF5Object } from './hdf5.js'
import type { KerasLayer } from './layers.js'

/** What says where the weights of a layer are. */
export type LayerPlace = Pick<KerasLayer, 'name' | 'label' | 'path'>

/** Reads the weights of layers, and knows whether some are f64. */
export class HDF5Weights {
  readonly #root: HDF5Object
  readonly #isByName: boolean
  /** whether a weight that was read is f64 */
  isDouble = false

  /** @param root of a file of either kind */
  constructor(root: HDF5Object) {
    this.#root = root.at('model_weights') ?? root
    this.#isByName = layersOf(root) === undefined
  }

  /** @throws RangeError unless the file has each of them, of finite numbers */
  of(layer: LayerPlace, names: readonly string[]): readonly KerasWeight[] {
    const found = this.#isByName ? this.#byName(layer, names) : this.#byPlace(layer, names)
    return found.map((object, i) => {
      const { type, shape, numbers } = object.numbers()
      checkFinite(`${layer.label}.${names[i]}`, numbers, shape.length === 2 ? shape[1] : undefined)
      this.isDouble ||= type === 'F64'
      return { shape, numbers }
    })
  }

  #byPlace({ label, path }: LayerPlace, names: readonly string[]): readonly HDF5Object[] {
    let model: HDF5Object | undefined = this.#root
    for (const { group } of path) model = model && layersOf(model)?.at(group)
    const all = model?.at('vars')
    const place = path.map(({ group }) => group).join('/')
    if (all === undefined) throw rangeError(label, `weights in layers/${place}/vars`, 'none')
    return names.map((own, i) => {
      const found = all.at(String(i))
      if (found === undefined) throw rangeError(label, `a ${own}`, `${all.names.length} weights`)
      return found
    })
  }

  #byName({ name, label, path }: LayerPlace, names: readonly string[]): readonly HDF5Object[] {
    const [{ name: outermost }] = path
    const group = this.#root.at(...outermost.split('/'))
    const stored = group === undefined ? [] : weightNames(group).map((each) => each.split('/'))
    return names.map((own) => {
      // A layer has its group for itself, whatever its weights are called; a model shares one among its layers.
      const wanted = path.length === 1 ? [own] : [...name.split('/'), own]
      const paths = stored.filter((parts) => {
        return wanted.every((part, i) => part === bare(parts[parts.length - wanted.length + i]))
      })
      const found = paths.length === 1 ? group?.at(...paths[0]) : undefined
      if (found !== undefined) return found
      const others = textsIn(this.#root, 'layer_names').slice(0, 8).map(showName).join(', ')
      const got = paths.length > 1 ? 'several' : `none; the layers of the file are ${others}`
      throw rangeError(label, `a ${own} of its own`, got)
    })
  }
}

/** The layers of a model in a file of Keras 3; its first version, and TensorFlow 2.13, named them otherwise. */
export function layersOf(model: HDF5Object): HDF5Object | undefined {
  return model.at('layers') ?? model.at('_layer_checkpoint_dependencies')
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

/** `kernel:0` → `kernel` */
export function bare(name: string | undefined): string | undefined {
  return name?.replace(/:\d+$/, '')
}
