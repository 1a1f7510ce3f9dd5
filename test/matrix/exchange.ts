/**
 * What is told of files that one processor has written and another one reads. Like suite.ts it is bundled, imports the package by its name, and
 * knows nothing of where it runs; it has Node's files.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseIdx } from '../../src/data/index.js'
import { checkpointFile, adam, Network } from '../../src/index.js'
import { Model } from '../../src/model/index.js'
import { dataFor, goldenCases, hashOf, hashOfNumbers } from '../support/golden.js'
import { randomRows } from '../support/random-rows.js'
import { engineOf } from '../support/ways.js'

const asked = { engine: engineOf.baseline } as const
const precisions = ['f32', 'f64'] as const
const [, , , given] = goldenCases
const data = dataFor(given)
const options = { ...given.options, batchSize: 13, optimizer: adam() }
const table = Array.from({ length: 40 }, (_, i) => ({
  size: i / 7,
  kind: i % 3 ? 'a' : 'b',
  price: (i % 11) / 3,
}))

/** Trains on the baseline, and writes what has come of it into a new folder. */
export async function write(folder: string): Promise<void> {
  mkdirSync(folder)
  for (const precision of precisions) {
    const create = (): Network => new Network({ ...given.spec, precision, ...asked })
    const net = create()
    await net.fit(data, { ...options, epochs: 3 })
    writeFileSync(`${folder}/${precision}.safetensors`, net.toBytes())
    writeFileSync(`${folder}/${precision}.json`, JSON.stringify(net))
    await create().fit(data, {
      ...options,
      epochs: 4,
      checkpoint: checkpointFile(`${folder}/${precision}.checkpoint`),
      onEpoch: ({ epoch }) => epoch < 2,
    })
  }
  const model = Model.create(table, { target: 'price', seed: 1, ...asked })
  await model.fit(table, { epochs: 20 })
  writeFileSync(`${folder}/model.safetensors`, model.toBytes())
}

/** What of a folder's files must be the same bytes, whoever has written them; those of a checkpoint have times in them. */
export const sameBytes = [
  'f32.safetensors',
  'f64.safetensors',
  'f32.json',
  'f64.json',
  'model.safetensors',
] as const

/** Reads the files of a folder, and goes on from there: hashes of what comes of it, by what it is. */
export async function read(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const precision of precisions) {
    const json: unknown = JSON.parse(readFileSync(`${folder}/${precision}.json`, 'utf8'))
    const nets = {
      safetensors: Network.fromBytes(readFileSync(`${folder}/${precision}.safetensors`), asked),
      JSON: Network.fromJSON(json, asked),
    }
    for (const [format, net] of Object.entries(nets)) {
      found[`${format}, ${precision}: predicts`] = await hashOfNumbers(net.predict(randomRows(9, 17, 5)))
      await net.fit(data, { ...options, epochs: 2 })
      found[`${format}, ${precision}: trains on`] = await hashOf(net)
    }
    const resumed = new Network({ ...given.spec, precision, ...asked })
    // A copy, for it is written to.
    const path = `${folder}/${precision}.copy`
    copyFileSync(`${folder}/${precision}.checkpoint`, path)
    const checkpoint = checkpointFile({ path, resume: true })
    const { epochs } = await resumed.fit(data, { ...options, epochs: 4, checkpoint })
    found[`checkpoint, ${precision}`] = `${epochs.length} epochs, ${await hashOf(resumed)}`
  }
  const model = Model.fromBytes(readFileSync(`${folder}/model.safetensors`), asked)
  found.model = JSON.stringify(model.predict({ size: 2.5, kind: 'b' }))
  for (const type of [8, 9, 11, 12, 13, 14]) {
    const bytes = [1, 2, 3, 4, 0x3f, 0xf0, 9, 0xc1]
    const size = 8 / { 8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8 }[type as 8]
    const { values } = parseIdx(Uint8Array.from([0, 0, type, 1, 0, 0, 0, size, ...bytes]))
    found[`IDX, type ${type}`] = Array.from(values).join(' ')
  }
  return found
}
