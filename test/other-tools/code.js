// @ts-check
/** C compiled with gcc, and Python run with NumPy, beside predict. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toC, toNumPy } from '../../dist/interop.js'
import { Model } from '../../dist/model.js'
import { activations, difference, INPUTS, networkOf, OUTPUTS, samples } from './networks.js'
import { python } from './python.js'

/** @param {string} folder @returns {AsyncIterable<import('./index.js').Comparison>} */
export async function* compare(folder) {
  for (const what of activations) {
    const net = networkOf(what, 'f32')
    const own = net.predict(samples)
    const compiled = runC(folder, toC(net), INPUTS, OUTPUTS, samples)
    yield { format: 'C', direction: 'out', what, precision: 'f32', difference: difference(own, compiled) }
    for (const precision of /** @type {const} */ (['f32', 'f64'])) {
      const same = networkOf(what, precision)
      const answer = runPython(folder, toNumPy(same), INPUTS, samples)
      yield {
        format: 'NumPy',
        direction: 'out',
        what,
        precision,
        difference: difference(same.predict(samples), answer),
      }
    }
  }
  const rows = Array.from({ length: 30 }, (_, i) => {
    return { size: 3 * i + 1, height: 100 * Math.sin(i), colour: ['red', 'green'][i % 2], price: 17 * i + 4 }
  })
  const model = Model.create(rows, { target: 'price', hidden: [5], seed: 1 })
  const own = model.predict(rows).map(({ price }) => Number(price))
  const x = rows.flatMap(({ size, height, colour }) => [
    size,
    height,
    +(colour === 'green'),
    +(colour === 'red'),
  ])
  const what = 'a model'
  yield {
    format: 'C',
    direction: 'out',
    what,
    precision: 'f32',
    difference: difference(own, runC(folder, toC(model), 4, 1, x)),
  }
  yield {
    format: 'NumPy',
    direction: 'out',
    what,
    precision: 'f32',
    difference: difference(own, runPython(folder, toNumPy(model), 4, x)),
  }
  run('avr-gcc', [
    '-mmcu=atmega2560',
    '-std=c99',
    '-Os',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-c',
    join(folder, 'main.c'),
    '-o',
    join(folder, 'main.o'),
  ])
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

/** @param {string} command @param {readonly string[]} options @param {string} [input] */
function run(command, options, input = '') {
  const { status, stdout, stderr, error } = spawnSync(command, options, {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw new Error(`${command}: ${error === undefined ? stderr : String(error)}`)
  return stdout
}
