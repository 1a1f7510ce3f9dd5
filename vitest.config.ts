import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Programs that tests start would colour what they print, though nobody reads it in a terminal.
delete process.env.FORCE_COLOR

// Node 20 has relaxed SIMD behind a flag, later ones without; a flag that Node does not know would end it.
const relaxedFlags = Number.parseInt(process.versions.node) < 21 ? ['--experimental-wasm-relaxed-simd'] : []

/** In milliseconds. They end what hangs, and are far from what a slow and busy machine takes. */
const patience = { testTimeout: 300_000, hookTimeout: 300_000 }

/** What takes long for its nature: kills, lifetimes, packages, large data, and whatever waits for them. */
const long = 'test/{attack,large,long}/*.test.ts'

// A test's folder says where it runs. `npm test` runs all that is not long, on the core that ships. `npm run test:all`
// runs the rest as well: what is long; and what touches kernels on the debug build, in which their assertions are
// alive, and, except for the committed bits, on the relaxed build.
export default defineConfig({
  test: {
    // One worker less than cores is the default, which leaves a core of two idle.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: 'core',
          include: ['test/*/*.test.ts'],
          exclude: [long, 'test/{exhaustive,jsdom}/**'],
          env: { CORE: 'build/core.wasm' },
          setupFiles: ['test/support/equal-arrays.ts'],
          ...patience,
        },
      },
      {
        test: {
          name: 'long',
          include: [long],
          env: { CORE: 'build/core.wasm' },
          setupFiles: ['test/support/equal-arrays.ts'],
          ...patience,
        },
      },
      {
        test: {
          name: 'debug',
          include: ['test/{bits,derivation,engine,kernels,large,threads,training}/*.test.ts'],
          env: { CORE: 'build/core.debug.wasm' },
          setupFiles: ['test/support/use-core.ts', 'test/support/equal-arrays.ts'],
          ...patience,
        },
      },
      {
        test: {
          name: 'relaxed',
          include: ['test/{derivation,engine,kernels,threads}/*.test.ts'],
          env: { CORE: 'build/core.relaxed.wasm' },
          setupFiles: ['test/support/use-core.ts', 'test/support/equal-arrays.ts'],
          pool: 'forks',
          execArgv: relaxedFlags,
          ...patience,
        },
      },
    ],
  },
})
