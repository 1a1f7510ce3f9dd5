/**
 * The layers of a Keras model, as its configuration has them: what Keras 2, Keras 3 and TensorFlow.js write, whatever
 * holds the weights.
 */
import { rangeError, typeError } from '../../base/argument-error.js'
import { checkObject, isRecord, show, showName } from '../../base/check.js'
import { checkBuiltIn } from './built-in.js'

/** A layer of a Keras model. */
export interface KerasLayer {
  readonly name: string
  /** from the outermost model's layer to this one, which is the last: several where models are layers */
  readonly path: readonly KerasPlace[]
  /** the name as messages and notes show it */
  readonly label: string
  readonly className: string
  readonly config: Readonly<Record<string, unknown>>
}

/** Where a layer is in a model. */
export interface KerasPlace {
  readonly name: string
  /** how Keras 3 names it in files: by its class, and by its number where there are several of that class, `dense_1` */
  readonly group: string
}

/** Of one model: as many as a network of deltaprop may have. */
const MAX_LAYERS = 4096

/** Of models within models. */
const MAX_DEPTH = 8

const models: ReadonlySet<string> = new Set(['Sequential', 'Functional', 'Model'])

/**
 * All layers in the order in which the inputs run through them, with those of the models that are layers in their place.
 *
 * @param model with its class_name and config
 * @throws TypeError or RangeError that names the layer
 */
export function kerasLayers(path: string, model: unknown): readonly KerasLayer[] {
  const layers: KerasLayer[] = []
  const outermost = described(path, model)
  checkBuiltIn(path, outermost.given)
  addModel(path, outermost, [])
  return layers

  function addModel(path: string, { className, config }: Described, within: readonly KerasPlace[]): void {
    if (within.length >= MAX_DEPTH)
      throw rangeError(path, `at most ${MAX_DEPTH} models within one another`, 'more')
    if (!models.has(className)) {
      throw rangeError(`${path}.class_name`, 'Sequential or Functional', show(className))
    }
    const entries = entriesOf(`${path}.config`, config)
    for (const entry of className === 'Sequential' ? entries : inOrder(path, config, entries)) {
      const place = [...within, entry]
      if (models.has(entry.className)) addModel(entry.place, entry, place)
      else layers.push({ ...entry, config: entry.config as KerasLayer['config'], path: place })
    }
  }
}

interface Described {
  readonly className: string
  readonly config: unknown
}

/** A layer, or a model that is one: the configuration of an old one is a list. */
interface Entry extends Described, KerasPlace {
  /** in the configuration, for messages */
  readonly place: string
  readonly label: string
  readonly nodes: unknown
}

function described(path: string, value: unknown): Described & { readonly given: Record<string, unknown> } {
  const given = checkObject(path, value)
  const { class_name: className, config } = given
  if (typeof className === 'string') return { className, config, given }
  const hint = Array.isArray(given.layers)
    ? 'model.get_config() has none: take what model.to_json() returns'
    : ''
  throw typeError(`${path}.class_name`, 'the name of a class', show(className), { hint })
}

/** @param config the list of the layers itself, as Keras wrote it before 2.2, or an object that has it */
function entriesOf(path: string, config: unknown): readonly Entry[] {
  const list = Array.isArray(config) ? config : checkObject(path, config).layers
  if (!Array.isArray(list)) throw typeError(`${path}.layers`, 'an array of layers', show(list))
  if (list.length > MAX_LAYERS)
    throw rangeError(`${path}.layers`, `at most ${MAX_LAYERS} layers`, list.length)
  const counts = new Map<string, number>()
  return list.map((layer, i) => {
    const place = `${path}.layers[${i}]`
    const { className, config, given } = described(place, layer)
    // The configuration of a model may be a list, as Keras wrote it before 2.2: then it has no name.
    const own = models.has(className) && Array.isArray(config) ? {} : checkObject(`${place}.config`, config)
    const { name = given.name ?? (models.has(className) ? '' : undefined) } = own
    if (typeof name !== 'string') throw typeError(`${place}.config.name`, 'a text', show(name))
    checkBuiltIn(showName(name), given)
    const count = counts.get(className) ?? 0
    counts.set(className, count + 1)
    const group = `${snakeCase(className)}${count === 0 ? '' : `_${count}`}`
    return { place, name, label: showName(name), group, className, config, nodes: given.inbound_nodes }
  })
}

/** `LeakyReLU` → `leaky_re_lu` */
function snakeCase(className: string): string {
  return className
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
}

/**
 * The layers of a functional model in their order.
 *
 * @throws TypeError or RangeError unless they are one path from the input to the output
 */
function inOrder(path: string, config: unknown, entries: readonly Entry[]): readonly Entry[] {
  const names = new Set(entries.map(({ name }) => name))
  if (names.size < entries.length) throw rangeError(path, 'a name of its own for each layer', 'one twice')
  const behind = new Map<string, Entry>()
  const inputs: Entry[] = []
  for (const entry of entries) {
    const before = layerBefore(entry)
    if (before === undefined) inputs.push(entry)
    else if (behind.has(before)) throw rangeError(showName(before), 'one layer behind it', 'several')
    else behind.set(before, entry)
  }
  if (inputs.length !== 1) throw rangeError(path, 'one input', inputs.length)
  const ordered: Entry[] = []
  // Each layer is behind one other, and the first behind none: nothing comes twice.
  for (let entry: Entry | undefined = inputs[0]; entry !== undefined; entry = behind.get(entry.name)) {
    ordered.push(entry)
  }
  const left = entries.find((entry) => !ordered.includes(entry))
  if (left !== undefined) throw rangeError(left.label, 'a layer on the one path from the input', 'another')
  checkOutput(path, config, ordered[ordered.length - 1].name)
  return ordered
}

/** The name of the layer whose outputs are the inputs of this one; undefined for an input of the model. */
function layerBefore({ label, nodes }: Entry): string | undefined {
  if (!Array.isArray(nodes)) throw typeError(`${label}.inbound_nodes`, 'an array', show(nodes))
  if (nodes.length === 0) return undefined
  const names = nodes.flatMap((node: unknown) => callOf(label, node))
  const [before] = names
  if (names.length === 1 && typeof before === 'string') return before
  throw rangeError(
    label,
    'one layer before it, and nothing else',
    names.length > 1 ? 'several' : 'something else',
  )
}

/**
 * What a layer is called with: names of layers, undefined for what is none.
 *
 * Keras 2: `[[name, node, tensor, { training: true }]]`. Keras 3: `{ args: [{ config: { keras_history: [name, node,
 * tensor] } }], kwargs: { training: true } }`, where the tensor may be among kwargs.
 *
 * @throws RangeError for an argument that changes what it does
 */
function callOf(label: string, node: unknown): (string | undefined)[] {
  const list: unknown[] = Array.isArray(node) ? node : []
  const { args, kwargs } = isRecord(node) ? node : { args: list, kwargs: undefined }
  const named = isRecord(kwargs) ? Object.entries(kwargs) : []
  const further = list.flatMap((tensor): [string, unknown][] => {
    return Array.isArray(tensor) && isRecord(tensor[3]) ? Object.entries(tensor[3]) : []
  })
  const tensors = Array.isArray(args) ? Array.from<unknown>(args) : []
  for (const [name, value] of [...named, ...further]) {
    if (historyOf(value) !== undefined) tensors.push(value)
    else if (value !== undefined && value !== null && value !== false) {
      throw rangeError(`${label}.${name}`, 'none, as it is where a model predicts', show(value))
    }
  }
  return tensors.map((tensor) => historyOf(tensor) ?? (Array.isArray(tensor) ? nameIn(tensor) : undefined))
}

function historyOf(tensor: unknown): string | undefined {
  return isRecord(tensor) && isRecord(tensor.config) ? nameIn(tensor.config.keras_history) : undefined
}

function nameIn(history: unknown): string | undefined {
  const name: unknown = Array.isArray(history) ? history[0] : undefined
  return typeof name === 'string' ? name : undefined
}

function checkOutput(path: string, config: unknown, last: string): void {
  const { output_layers: given } = isRecord(config) ? config : {}
  if (given === undefined) return
  // Keras 3 names them where the model returns a dictionary.
  const outputs = isRecord(given) ? Object.values(given) : given
  // [[name, node, tensor]]; Keras 3 writes a single one without the outer brackets.
  const [first, second] = Array.isArray(outputs) ? (outputs as unknown[]) : []
  const name: unknown = Array.isArray(first) ? first[0] : first
  if (name === last && !Array.isArray(second)) return
  const got = Array.isArray(second) ? 'several' : show(name)
  throw rangeError(`${path}.config.output_layers`, `${show(last)} alone, the last layer`, got)
}
