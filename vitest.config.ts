import { defineConfig } from 'vitest/config'

// Node 20 has relaxed SIMD behind a flag, later ones without; a flag that Node does not know would end it.
const relaxedFlags = Number.parseInt(process.versions.node) < 21 ? ['--experimental-wasm-relaxed-simd'] : []

// A test's folder says which cores it runs on. All run on the core that ships; what touches kernels also on the debug build, in which
// their assertions are alive, and, except for the committed bits, on the relaxed build.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'core',
          include: ['test/*/*.test.ts'],
          exclude: ['test/exhaustive/**', 'test/jsdom/**'],
          env: { CORE: 'build/core.wasm' },
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'debug',
          include: ['test/{bits,derivation,engine,kernels,threads,training}/*.test.ts'],
          env: { CORE: 'build/core.debug.wasm' },
          setupFiles: ['test/support/use-core.ts'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'relaxed',
          include: ['test/{derivation,engine,kernels,threads}/*.test.ts'],
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
