// @ts-check
import { appFiles } from './apps.js'
import { bundleAndRun } from './bundle.js'

/**
 * webpack warns of assets beyond 244 KiB. The suite has all entries of the package in one, and the tests; whoever trains alone, as the
 * app that is measured does, is below that, and has to stay there.
 */
const ROOM = ['--performance-max-asset-size', '500000', '--performance-max-entrypoint-size', '500000']

/** @param {'web' | 'node'} target @param {string} file @returns {import('./bundle.js').Way['command']} */
const command = (target, file) => (app, out) => [
  'webpack',
  'build',
  `./${app}/main.js`,
  ...['--mode', 'production', '--target', target],
  ...['--output-path', out, '--output-filename', file],
  '--fail-on-warnings',
  ...(app === 'suite' || app === 'worker' ? ROOM : []),
]

/** @type {import('./bundle.js').Bundler} */
export const webpack = {
  name: 'webpack',
  packages: ['webpack', 'webpack-cli'],
  files: appFiles,
  cells: [
    {
      how: 'target web, in Chromium',
      threads: 'shared',
      make: bundleAndRun('web', { command: command('web', 'main.js'), runs: 'classic', isMeasured: true }),
    },
    {
      how: 'in a worker that it bundles, in Chromium',
      threads: 'shared',
      // Without a name of its own, the worker's file would overwrite the page's.
      make: bundleAndRun('worker', { command: command('web', '[name].js'), app: 'worker', runs: 'classic' }),
    },
    {
      how: 'target node, in Node',
      threads: 'shared',
      make: bundleAndRun('node', { command: command('node', 'main.cjs'), runs: 'node' }),
    },
  ],
}
