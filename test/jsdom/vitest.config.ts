import { defineConfig } from 'vitest/config'

/**
 * npm run test:jsdom: what a page or its tests call, in a window of jsdom. It is a realm of its own in the vm pools alone; there,
 * what Node makes (bytes of files and zlib, its promises, errors of the system) is of another one.
 */
export default defineConfig({
  test: {
    name: 'jsdom',
    // What is built, installed or run in processes, kernels, workers and clocks of their own are none of a window's.
    include: [
      'test/{bits,data,definition,derivation,engine,formats,jsdom,metrics,model,runtimes,selection,training}/*.test.ts',
    ],
    environment: 'jsdom',
    pool: 'vmForks',
    setupFiles: ['test/jsdom/setup.ts', 'test/support/equal-arrays.ts'],
    env: { CORE: 'build/core.wasm' },
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
