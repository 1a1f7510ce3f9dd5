/** What is made of models of other tools: it answers as these do, and has the same bits everywhere. */
import { Network } from '../../src/index.js'
import { fromKeras, fromONNX, fromTensorFlowJS, type Converted } from '../../src/interop/index.js'
import { Model } from '../../src/model/index.js'
import type { ForeignModel } from './foreign-files.js'
import { hashOfBytes, hashOfNumbers } from './golden.js'
import { engineOf } from './ways.js'

/** As the tests of each tool have it, relative to the largest answer. */
const BOUND = 1e-6

type Bytes = Uint8Array<ArrayBuffer>

/** By the kind of the model. */
const readers: Readonly<
  Record<ForeignModel['kind'], (bytes: Bytes, beside: Readonly<Record<string, Bytes>>) => Converted>
> = {
  onnx: (bytes) => fromONNX(bytes),
  keras: (bytes) => fromKeras(bytes),
  tfjs: (bytes, beside) => fromTensorFlowJS(JSON.parse(new TextDecoder().decode(bytes)) as object, beside),
}

/**
 * Hashes of the file of deltaprop that is made of a model, and of what it answers with each of these engines.
 *
 * @throws Error if it answers otherwise than the tool that wrote it
 */
export async function readForeign(
  model: ForeignModel,
  engines: readonly ('wasm' | 'baseline')[],
): Promise<Record<string, string>> {
  const beside = Object.entries(model.beside).map(([name, bytes]) => [name, Uint8Array.from(bytes)] as const)
  const converted = readers[model.kind](Uint8Array.from(model.bytes), Object.fromEntries(beside))
  const found: Record<string, string> = { bytes: await hashOfBytes(converted.bytes) }
  for (const name of engines) {
    const engine = { engine: engineOf[name] }
    const own =
      model.classes === undefined
        ? converted.as(Network, engine).predict(model.x)
        : probabilitiesOf(converted.as(Model, engine), model, model.classes)
    checkClose(own, model.y)
    found[name] = await hashOfNumbers(own)
  }
  return found
}

/** Row by row. @throws Error unless each answer is the class that the tool finds most probable */
function probabilitiesOf(model: Model, { x, y }: ForeignModel, classes: readonly string[]): number[] {
  const names = model.inputs.map(({ name }) => name)
  const rows = Array.from({ length: x.length / names.length }, (_, s) =>
    Object.fromEntries(names.map((name, k) => [name, x[names.length * s + k]])),
  )
  const [{ name: target }] = model.outputs
  return model.predict(rows).flatMap((answer, s) => {
    const probabilities = answer.probabilities as unknown as Record<string, number>
    const ofTool = y.slice(classes.length * s, classes.length * (s + 1))
    const expected = JSON.stringify([classes[ofTool.indexOf(Math.max(...ofTool))], 'of', ...classes])
    const found = JSON.stringify([answer[target], 'of', ...Object.keys(probabilities)])
    if (found !== expected) throw new Error(`row ${s}: expected ${expected}, got ${found}`)
    return Object.values(probabilities)
  })
}

function checkClose(own: ArrayLike<number>, ofTool: readonly number[]): void {
  if (own.length !== ofTool.length) throw new Error(`expected ${ofTool.length} answers, got ${own.length}`)
  const largest = Math.max(...ofTool.map(Math.abs))
  const differs = ofTool.findIndex((value, i) => !(Math.abs(own[i] - value) <= BOUND * largest))
  if (differs !== -1) throw new Error(`answer ${differs}: expected ${ofTool[differs]}, got ${own[differs]}`)
}
