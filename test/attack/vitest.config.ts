import { defineConfig } from 'vitest/config'

/** npm run test:attack: the attacks of test/attack, each as often as it takes to find what is rare. Minutes. */
export default defineConfig({
  test: {
    // Those in full/ need what `npm ci` does not install.
    include: ['test/attack/*.test.ts', 'test/attack/full/*.test.ts'],
    env: { CORE: 'build/core.wasm', ATTACK: 'full', SEED: process.env.SEED ?? 'random' },
    reporters: ['default', './test/attack/summary.ts'],
    // More than there are cores: many wait, for what hangs on purpose.
    maxWorkers: 4,
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
  },
})
