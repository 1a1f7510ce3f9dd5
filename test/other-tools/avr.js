// @ts-check
/** C compiled with avr-gcc, on a simulated ATmega2560, beside predict. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toC } from '../../dist/interop.js'
import { activations, compared, networkOf, samples, table } from './networks.js'
import { run } from './run.js'

const [INPUTS, HIDDEN, OUTPUTS] = [4, 6, 3]

/** @param {string} folder @returns {AsyncIterable<import('./index.js').Comparison>} */
export async function* compare(folder) {
  const about = /** @type {const} */ ({ format: 'C', direction: 'out', tool: 'avr-gcc', precision: 'f32' })
  const x = samples.subarray(0, 60 * INPUTS)
  for (const what of activations) {
    const net = networkOf(what, 'f32', [INPUTS, HIDDEN, OUTPUTS])
    const answer = runAVR(folder, toC(net), INPUTS, OUTPUTS, x)
    yield compared({ ...about, what }, net.predict(x), answer)
  }
  const { model, own, x: columns } = table()
  yield compared({ ...about, what: 'a model' }, own, runAVR(folder, toC(model), 4, 1, columns))
}

/**
 * The outputs, which the program sends through its serial port, as the bits of each.
 *
 * @param {string} folder
 * @param {string} header
 * @param {number} inputs
 * @param {number} outputs
 * @param {ArrayLike<number>} x
 */
function runAVR(folder, header, inputs, outputs, x) {
  const bits = new Uint32Array(Float32Array.from(x).buffer)
  const count = bits.length / inputs
  const program = `#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <stdio.h>
#include "predict.h"
static const uint32_t samples[${bits.length}] PROGMEM = { ${Array.from(bits, (each) => `${each}ul`).join(', ')} };
union number { float value; uint32_t bits; };
static void send(uint32_t number) {
  char text[10];
  sprintf(text, "%08lx\\n", (unsigned long)number);
  for (char *c = text; *c != 0; ++c) {
    loop_until_bit_is_set(UCSR0A, UDRE0);
    UDR0 = *c;
  }
}
int main(void) {
  UCSR0B = _BV(TXEN0);
  for (int s = 0; s < ${count}; ++s) {
    float x[${inputs}], o[${outputs}];
    for (int k = 0; k < ${inputs}; ++k) {
      union number n = { .bits = pgm_read_dword(samples + ${inputs} * s + k) };
      x[k] = n.value;
    }
    predict(x, o);
    for (int j = 0; j < ${outputs}; ++j) {
      union number n = { .value = o[j] };
      send(n.bits);
    }
  }
  cli();
  sleep_mode(); /* Without interrupts, this ends the simulation. */
}
`
  writeFileSync(join(folder, 'predict.h'), header)
  writeFileSync(join(folder, 'avr.c'), program)
  const strict = ['-mmcu=atmega2560', '-std=c99', '-Os', '-Wall', '-Wextra', '-Werror']
  run('avr-gcc', [...strict, join(folder, 'avr.c'), '-o', join(folder, 'avr.elf'), '-lm'])
  // It shows what comes in colours, with a dot for each end of a line.
  const options = ['-m', 'atmega2560', '-f', '16000000', join(folder, 'avr.elf')]
  const lines = run('simavr', options, '', 'stderr').match(/(?<=m)[0-9a-f]{8}(?=\.)/g) ?? []
  return new Float32Array(Uint32Array.from(lines, (line) => parseInt(line, 16)).buffer)
}
