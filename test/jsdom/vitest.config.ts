import { defineConfig } from 'vitest/config'

/**
 * npm run test:jsdom: what a page or its tests call, in a window of jsdom. It is a realm of its own in the vm pools alone; there,
 * what Node makes (bytes of files and zlib, its promises, errors of the system) is of another one.
 */
export default defineConfig({
  test: {
    name: 'jsdom',
    include: ['test/*.test.ts', 'test/jsdom/*.test.ts'],
    exclude: [
      // what is built or installed, in processes of its own
      ...files(
        'cli',
        'cli-answers',
        'formulas',
        'example-digits',
        'lifetime',
        'matrix',
        'old-node',
        'package',
        'processors',
        'readme',
        'size',
      ),
      // the kernels and the compiler alone, which no realm is seen from
      ...files('engine', 'erf', 'kernels', 'large', 'lzma', 'math', 'memory', 'module'),
      // the length of runs, and the damage that fuzzing does, which the suite has: minutes each
      ...files('mnist'),
      // a clock of their own, which is not that of the window
      ...files('epoch-loop', 'turns'),
      // workers, which a window of jsdom has none of
      ...files('share', 'threads'),
    ],
    environment: 'jsdom',
    pool: 'vmForks',
    setupFiles: ['test/jsdom/setup.ts'],
    env: { CORE: 'build/core.wasm' },
    testTimeout: 120_000,
  },
})

function files(...names: string[]): string[] {
  return names.map((name) => `test/${name}.test.ts`)
}
