import { defineConfig } from 'vitest/config'

// The suite runs twice: on the core that ships, and on the debug build, in which the kernels' assertions are alive.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'core',
          include: ['test/*.test.ts'],
          env: { CORE: 'build/core.wasm' },
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'debug',
          include: ['test/*.test.ts'],
          exclude: ['mnist', 'math', 'module', 'readme', 'package', 'example-digits'].map(
            (name) => `test/${name}.test.ts`,
          ),
          env: { CORE: 'build/core.debug.wasm' },
          setupFiles: ['test/support/use-debug-core.ts'],
          testTimeout: 120_000,
        },
      },
    ],
  },
})
