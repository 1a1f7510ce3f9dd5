import { rangeError } from '../../base/argument-error.js'
import { checkBytes, checkObject, isRecord, show } from '../../base/check.js'
import { parseJSON } from '../../base/json-text.js'
import { remediableError } from '../../base/remedies.js'
import { resolveActivation, type Activation, type ActivationOption } from '../../definition/activations.js'
import { otherParts } from '../../definition/other-names.js'
import { assemble } from '../assemble.js'
import type { Converted } from '../converted.js'
import { resolveConvertOptions, type ConvertOptions } from '../options.js'
import { openArchive } from './archive.js'
import { isZip } from '../zip/zip.js'
import { kerasChain } from './chain.js'
import { HDF5Weights } from './hdf5-weights.js'
import { isHDF5, openHDF5, type HDF5Object } from '../hdf5/objects.js'
import { kerasLoss } from './loss.js'
import { weightsChain } from './weights-chain.js'

/** Options of fromKeras. */
export interface KerasOptions extends ConvertOptions {
  /** of a file with weights alone: the layers, as JSON.parse makes them of what model.to_json() returns in Python */
  readonly config?: object
  /** of a file with weights alone, of layers Dense alone, instead of config: that of the hidden layers */
  readonly activation?: ActivationOption
}

/**
 * Reads a dense network of Keras from the bytes of a file: `.keras`, `.h5` of Keras 2 or 3, or weights alone,
 * `.weights.h5`. Models are Sequential, or functional with one path from the input to the output. Batch normalisation,
 * Normalization and Rescaling are folded into layers, in f64; training goes on with the loss of the file.
 *
 * @param options what the file may not say
 * @throws TypeError or RangeError that names the layer or the weight, what was expected and what came
 * @example
 * import { Network } from 'deltaprop'
 * import { fromKeras } from 'deltaprop/interop'
 * const response = await fetch('model.keras')
 * const net = fromKeras(new Uint8Array(await response.arrayBuffer())).as(Network)
 */
export function fromKeras(bytes: Uint8Array, options?: KerasOptions): Converted {
  const { given, resolved } = resolveConvertOptions(options, ['config', 'activation'])
  const { config, activation } = given
  const file = openKeras(checkBytes('bytes', bytes))
  const { root } = file
  const weights = new HDF5Weights(root)
  const described = file.model === undefined ? describedBy(config) : file
  if (file.model !== undefined) checkUnused({ config, activation })
  const chain =
    described === undefined
      ? weightsChain(root, weights, hiddenActivation(activation), bytes.length)
      : kerasChain({
          topology: described.model,
          path: file.place ?? 'config',
          version: described.version,
          weights: (layer, names, others) => weights.of(layer, names, others),
          bytes: bytes.length,
        })
  const precision = weights.isDouble ? 'f64' : 'f32'
  return assemble(chain, { precision, loss: kerasLoss(described?.training) }, resolved)
}

interface Description {
  /** with its class_name and config */
  readonly model: unknown
  readonly version: unknown
  /** how it was compiled */
  readonly training: unknown
}

/** Without a model it has weights alone. */
interface KerasFile extends Partial<Description> {
  /** what has the model, in errors */
  readonly place?: string
  /** of its HDF5 */
  readonly root: HDF5Object
}

/** @throws RangeError for what is neither a ZIP of Keras nor HDF5 */
function openKeras(bytes: Uint8Array): KerasFile {
  if (isZip(bytes)) {
    const { metadata, config, weights } = openArchive(bytes)
    const version = isRecord(metadata) ? metadata.keras_version : undefined
    const training = isRecord(config) ? config.compile_config : undefined
    return { root: openHDF5(weights), model: config, place: 'config.json', version, training }
  }
  if (!isHDF5(bytes)) throw rangeError('bytes', 'a file .keras, .h5 or .weights.h5', 'another')
  const root = openHDF5(bytes)
  const [config, training, version] = ['model_config', 'training_config', 'keras_version'].map(
    (name) => root.attribute(name)?.[0],
  )
  if (config === undefined) return { root }
  return {
    root,
    model: parseJSON('model_config', config),
    place: 'model_config',
    version,
    training: training === undefined ? undefined : parseJSON('training_config', training),
  }
}

/** What the option says in place of the file. */
function describedBy(config: unknown): Description | undefined {
  if (config === undefined) return undefined
  const { keras_version: version, compile_config: training } = checkObject('config', config, {
    '': 'JSON.parse makes it of what model.to_json() returns in Python',
  })
  return { model: config, version, training }
}

/** @throws RangeError if an option says what the file says itself */
function checkUnused(options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) throw rangeError(name, 'none, as the file has its layers', show(value))
  }
}

function hiddenActivation(given: unknown): Activation {
  if (given !== undefined) return resolveActivation('activation', given, otherParts.activations)
  const expected = 'that of the hidden layers, or config: this file has weights alone'
  throw remediableError('activation', expected, 'none', [
    { option: 'activation', value: 'relu', effect: 'says it, if it is that' },
    { option: 'config', effect: 'has the layers, as model.to_json() says them' },
  ])
}
