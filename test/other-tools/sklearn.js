// @ts-check
/** State_dicts of scikit-learn's networks, written by the lines of docs/interop.md. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Network } from '../../dist/index.js'
import { fromStateDict } from '../../dist/interop.js'
import { compared, INPUTS, precisions, samples } from './networks.js'
import { python } from './python.js'

/** What scikit-learn calls them: of the hidden layers, and what its outputs are for them here. */
const kinds = /** @type {const} */ ([
  { what: 'linear', activation: 'identity', output: 'identity', own: ['linear', 'linear'] },
  { what: 'sigmoid', activation: 'logistic', output: 'logistic', own: ['sigmoid', 'sigmoid'] },
  { what: 'tanh', activation: 'tanh', output: 'identity', own: ['tanh', 'linear'] },
  { what: 'relu', activation: 'relu', output: 'identity', own: ['relu', 'linear'] },
  { what: 'softmax', activation: 'relu', output: 'softmax', own: ['relu', 'softmax'] },
])

/** @param {string} folder @returns {AsyncIterable<import('./index.js').Comparison>} */
export async function* compare(folder) {
  const page = readFileSync(new URL('../../docs/interop.md', import.meta.url), 'utf8')
  const [snippet] = /(?<=```py\n)import numpy as np\n[^`]*mlp\.coefs_[^`]*/.exec(page) ?? []
  if (snippet === undefined) throw new Error('docs/interop.md: expected the lines for scikit-learn')
  const cases = precisions.flatMap((precision) => {
    return kinds.map((kind) => ({ ...kind, precision, name: `sklearn-${kind.what}-${precision}` }))
  })
  const input = JSON.stringify({ folder, snippet, cases, inputs: INPUTS, x: Array.from(samples) })
  const answers = /** @type {number[][]} */ (python('sklearn_mlp.py', [], input))
  for (const [i, { what, own, precision, name }] of cases.entries()) {
    const options = { activation: own[0], output: own[1] }
    const net = fromStateDict(readFileSync(join(folder, `${name}.safetensors`)), options).as(Network)
    const about = /** @type {const} */ ({ format: 'state_dict', direction: 'in', tool: 'scikit-learn' })
    yield compared({ ...about, what, precision }, net.predict(samples), answers[i])
  }
}
