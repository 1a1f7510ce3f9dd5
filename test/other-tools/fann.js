// @ts-check
/** Networks of FANN, in f32 and in f64. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Network } from '../../dist/index.js'
import { fromFANN } from '../../dist/interop.js'
import { compared, HIDDEN, INPUTS, OUTPUTS, none, precisions, refused, samples } from './networks.js'
import { run } from './run.js'

/** The functions of the layers, by their numbers. */
const functions = {
  linear: [0, 0, 0],
  sigmoid: [3, 3, 3],
  tanh: [5, 5, 5],
  softsign: [11, 11, 11],
  'sigmoid, tanh, linear': [3, 5, 0],
}

/** The chords of a stepwise function are up to 0.0332 from it, those of tanh 0.0664. */
const stepwise = {
  'stepwise sigmoid at the end': { numbers: [3, 3, 4], most: 0.034 },
  'stepwise tanh at the end': { numbers: [5, 5, 6], most: 0.067 },
}

/** @param {string} folder @returns {AsyncIterable<import('./index.js').Comparison>} */
export async function* compare(folder) {
  for (const precision of precisions) {
    const about = /** @type {const} */ ({ format: 'FANN', direction: 'in', tool: 'FANN', precision })
    const program = compiled(folder, precision)
    for (const [what, numbers] of Object.entries(functions)) {
      const { text, answer } = saved(folder, program, numbers)
      yield compared({ ...about, what }, fromFANN(text, { precision }).as(Network).predict(samples), answer)
    }
    for (const [what, { numbers, most }] of Object.entries(stepwise)) {
      const { text, answer } = saved(folder, program, numbers)
      const own = fromFANN(text, { precision }).as(Network).predict(samples)
      const bound = { most, reason: 'FANN computes chords of the function, which are no nearer to it' }
      yield compared({ ...about, what, bound }, own, answer)
    }
  }
  const about = /** @type {const} */ ({ format: 'FANN', direction: 'in', tool: 'FANN', precision: 'f32' })
  const { text } = saved(folder, compiled(folder, 'f32'), [7, 7, 7])
  const said = /expected linear, a sigmoid or tanh/
  yield refused({ ...about, what: 'gaussian' }, () => fromFANN(text), said, none)
}

/** @param {string} folder @param {'f32' | 'f64'} precision */
function compiled(folder, precision) {
  const source = fileURLToPath(new URL('fann.c', import.meta.url))
  const program = join(folder, `fann-${precision}`)
  const sizes = [`-DINPUTS=${INPUTS}`, `-DHIDDEN=${HIDDEN.join()}`, `-DOUTPUTS=${OUTPUTS}`]
  const kind = precision === 'f64' ? ['-DFANN_DOUBLE', '-ldoublefann'] : ['-lfloatfann']
  run('gcc', [...sizes, '-O2', source, ...kind, '-lm', '-o', program])
  return program
}

/** @param {string} folder @param {string} program @param {readonly number[]} numbers */
function saved(folder, program, numbers) {
  const file = join(folder, 'saved.net')
  const printed = run(program, [file, '0.75', ...numbers.map(String)], Array.from(samples).join(' '))
  return { text: readFileSync(file, 'utf8'), answer: printed.trim().split('\n').map(Number) }
}
