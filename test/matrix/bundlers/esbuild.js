// @ts-check
import { appFiles } from './apps.js'
import { bundleAndRun } from './bundle.js'

/** @param {string} file @param {...string} options @returns {import('./bundle.js').Way['command']} */
const command =
  (file, ...options) =>
  (app, out) => [
    'esbuild',
    `${app}/main.js`,
    '--bundle',
    '--minify',
    '--log-level=warning',
    ...options,
    `--outfile=${out}/${file}`,
  ]

/** @type {import('./bundle.js').Bundler} */
export const esbuild = {
  name: 'esbuild',
  packages: ['esbuild'],
  files: appFiles,
  cells: [
    {
      how: 'a script for browsers (iife), in Chromium',
      threads: 'shared',
      make: bundleAndRun('iife', { command: command('main.js'), runs: 'classic', isMeasured: true }),
    },
    {
      how: 'a module for browsers, in Chromium',
      threads: 'shared',
      make: bundleAndRun('esm', { command: command('main.js', '--format=esm'), runs: 'module' }),
    },
    {
      how: 'for Node (CommonJS)',
      threads: 'shared',
      make: bundleAndRun('node', { command: command('main.cjs', '--platform=node'), runs: 'node' }),
    },
  ],
}
