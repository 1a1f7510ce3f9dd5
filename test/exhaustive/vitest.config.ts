import { defineConfig } from 'vitest/config'

// npm run test:exhaustive, seven minutes. Two threads, one per file; each prints its rows of the table.
export default defineConfig({
  test: {
    include: ['test/exhaustive/*.test.ts'],
    pool: 'threads',
    maxWorkers: 2,
    testTimeout: 3_600_000,
    disableConsoleIntercept: true,
  },
})
