// @ts-check
/** C compiled with gcc, and Python run with NumPy, beside predict. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toC, toNumPy } from '../../dist/interop.js'
import { activations, compared, INPUTS, networkOf, OUTPUTS, precisions, samples, table } from './networks.js'
import { python } from './python.js'
import { run } from './run.js'

const c = /** @type {const} */ ({ format: 'C', direction: 'out', tool: 'gcc', precision: 'f32' })
const numpy = /** @type {const} */ ({ format: 'NumPy', direction: 'out', tool: 'NumPy' })

/** @param {string} folder @returns {AsyncIterable<import('./index.js').Comparison>} */
export async function* compare(folder) {
  for (const what of activations) {
    const net = networkOf(what, 'f32')
    yield compared({ ...c, what }, net.predict(samples), runC(folder, toC(net), INPUTS, OUTPUTS, samples))
    for (const precision of precisions) {
      const same = networkOf(what, precision)
      const answer = runPython(folder, toNumPy(same), INPUTS, samples)
      yield compared({ ...numpy, what, precision }, same.predict(samples), answer)
    }
  }
  const { model, own, x } = table()
  const what = 'a model'
  yield compared({ ...c, what }, own, runC(folder, toC(model), 4, 1, x))
  yield compared({ ...numpy, what, precision: 'f32' }, own, runPython(folder, toNumPy(model), 4, x))
}

/**
 * @param {string} folder
 * @param {string} header
 * @param {number} inputs
 * @param {number} outputs
 * @param {ArrayLike<number>} x
 */
function runC(folder, header, inputs, outputs, x) {
  writeFileSync(join(folder, 'predict.h'), header)
  const program = `#include <stdio.h>
#include "predict.h"
int main(void) {
  float x[${inputs}], o[${outputs}];
  for (;;) {
    for (int k = 0; k < ${inputs}; ++k) if (scanf("%f", x + k) != 1) return 0;
    predict(x, o);
    for (int j = 0; j < ${outputs}; ++j) printf("%.9g\\n", (double)o[j]);
  }
}
`
  writeFileSync(join(folder, 'main.c'), program)
  const strict = ['-std=c99', '-pedantic', '-Wall', '-Wextra', '-Werror', '-ffp-contract=off', '-O2']
  run('gcc', [...strict, join(folder, 'main.c'), '-o', join(folder, 'main'), '-lm'])
  return run(join(folder, 'main'), [], Array.from(x).join(' ')).trim().split('\n').map(Number)
}

/**
 * @param {string} folder
 * @param {string} source
 * @param {number} inputs
 * @param {ArrayLike<number>} x
 */
function runPython(folder, source, inputs, x) {
  const script = join(folder, 'predict.py')
  const main = `import json, sys
x = np.array(json.load(sys.stdin)).reshape(-1, ${inputs})
print(json.dumps(np.asarray(predict(x)).ravel().astype(float).tolist()))
`
  writeFileSync(script, `${source}\n\n${main}`)
  return /** @type {number[]} */ (python(script, [], JSON.stringify(Array.from(x))))
}
