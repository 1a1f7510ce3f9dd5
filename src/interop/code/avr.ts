/**
 * What C99 has and avr-libc lacks. Errors are absolute: an ulp of 1, which cancels; of erf 6e-7, by (7.1.26) of
 * Abramowitz and Stegun, Handbook of Mathematical Functions.
 */
const bodies: Readonly<Record<string, readonly string[]>> = {
  expm1f: ['return expf(z) - 1.0f;'],
  log1pf: ['return logf(1.0f + z);'],
  erff: [
    'float t = 1.0f / (1.0f + 0.3275911f * fabsf(z));',
    'float p = t * (0.254829592f + t * (-0.284496736f + t * (1.42141374f + t * (-1.45315203f + t * 1.06140543f))));',
    'float e = 1.0f - p * expf(-z * z);',
    'return z < 0.0f ? -e : e;',
  ],
}

/**
 * Functions of C, which call those of the math library, and before them what they call and avr-libc lacks, by names that
 * begin with this one.
 */
export function withLacking(name: string, functions: readonly string[]): string[] {
  const called = Object.entries(bodies).filter(([callee]) => {
    return functions.some((line) => line.includes(`${callee}(`))
  })
  return [
    ...called.flatMap(([callee, body]) => [
      '',
      `#ifdef __AVR__ /* avr-libc has no ${callee} */`,
      `static inline float ${name}_${callee}(float z) {`,
      ...body.map((line) => `  ${line}`),
      '}',
      '#else',
      `#define ${name}_${callee} ${callee}`,
      '#endif',
    ]),
    ...functions.map((line) => {
      return called.reduce((text, [callee]) => text.replaceAll(`${callee}(`, `${name}_${callee}(`), line)
    }),
  ]
}
