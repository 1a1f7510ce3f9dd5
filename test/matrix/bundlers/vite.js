// @ts-check
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { appFiles } from './apps.js'
import { bundleAndRun, withProblems } from './bundle.js'
import { start } from './start.js'

/** @type {import('./bundle.js').Way['command']} */
const build = (app, out) => ['vite', 'build', app, '--outDir', out]

/** @type {import('./bundle.js').Bundler} */
export const vite = {
  name: 'Vite',
  packages: ['vite'],
  files: appFiles,
  cells: [
    {
      how: 'vite build, in Chromium',
      threads: 'shared',
      make: bundleAndRun('page', { command: build, runs: 'module', isMeasured: true }),
    },
    {
      how: 'vite build, in a worker that it bundles, in Chromium',
      threads: 'shared',
      make: bundleAndRun('page', { command: build, app: 'worker', runs: 'module' }),
    },
    { how: 'its dev server, in Chromium', threads: 'one', make: serveWhileDeveloping },
  ],
}

/** The package is bundled before it is served, the server's headers are Vite's own. @type {import('./bundle.js').BundlerCell['make']} */
async function serveWhileDeveloping(folder, visit) {
  const { url, warnings, stop } = await start(folder, ['vite', 'suite'])
  try {
    const outcome = await visit(url)
    const isBundled = ['node_modules', 'suite/node_modules'].some((place) =>
      existsSync(join(folder, place, '.vite/deps/deltaprop.js')),
    )
    const problems = isBundled
      ? []
      : ['expected deltaprop among the dependencies that Vite bundles beforehand']
    return { outcome: withProblems(outcome, [...problems, ...warnings()]) }
  } finally {
    await stop()
  }
}
