import { defineConfig } from 'vitest/config'

const files = (...names: string[]): string[] => names.map((name) => `test/${name}.test.ts`)

// Node 20 has relaxed SIMD behind a flag, later ones without; a flag that Node does not know would end it.
const relaxedFlags = Number.parseInt(process.versions.node) < 21 ? ['--experimental-wasm-relaxed-simd'] : []

// The suite runs on the core that ships; what touches kernels also on the debug build, in which their assertions are alive, and,
// except for the committed bits, on the relaxed build.
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
          exclude: files(
            'brought',
            'checkpoint',
            'cli',
            'csv',
            'docs',
            'example-digits',
            'fuzz-formats',
            'idx',
            'kill',
            'lifetime',
            'lzma',
            'math',
            'matrix',
            'memory',
            'metrics',
            'mnist',
            'model',
            'model-batches',
            'model-errors',
            'model-saved',
            'module',
            'node',
            'old-node',
            'package',
            'random',
            'realms',
            'readme',
            'runtimes',
            'schedules',
            'search',
            'selection',
            'sources',
            'to-function',
          ),
          env: { CORE: 'build/core.debug.wasm' },
          setupFiles: ['test/support/use-core.ts'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'relaxed',
          include: files(
            'activations',
            'derivation',
            'engine',
            'gradient-check',
            'kernels',
            'large',
            'math',
            'module',
            'network',
            'optimizers',
            'pytorch',
            'threads',
          ),
          env: { CORE: 'build/core.relaxed.wasm' },
          setupFiles: ['test/support/use-core.ts'],
          pool: 'forks',
          execArgv: relaxedFlags,
          testTimeout: 30_000,
        },
      },
    ],
  },
})
