/** Makes a worker slow at answers; it is silent meanwhile. */
import { Model } from 'deltaprop/model'

const fromBytes = Model.fromBytes.bind(Model)

/** @param {number} ms for a piece @param {number} first for the first piece of a file */
export function slow(ms, first) {
  Model.fromBytes = (...given) => {
    const model = fromBytes(...given)
    const predict = model.predict.bind(model)
    Object.defineProperty(model, 'predict', {
      value: (/** @type {import('deltaprop/data').Table} */ table) => {
        const number = table.numbers?.[0] ?? 1
        const isFirst = number === 1
        const end = Date.now() + (isFirst ? first : ms)
        while (Date.now() < end);
        return predict(table)
      },
    })
    return model
  }
}
