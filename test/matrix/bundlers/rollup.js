// @ts-check
import { appFiles } from './apps.js'
import { bundleAndRun } from './bundle.js'

/** @param {'es' | 'iife'} format @returns {import('./bundle.js').Way['command']} */
const command = (format) => (app, out) => [
  'rollup',
  `${app}/main.js`,
  ...['--plugin', '@rollup/plugin-node-resolve', '--plugin', '@rollup/plugin-terser'],
  ...['--format', format, '--file', `${out}/main.js`],
  '--failAfterWarnings',
]

/** @type {import('./bundle.js').Bundler} */
export const rollup = {
  name: 'Rollup',
  packages: ['rollup', '@rollup/plugin-node-resolve', '@rollup/plugin-terser'],
  files: appFiles,
  cells: [
    {
      how: 'a script for browsers (iife), in Chromium',
      threads: 'shared',
      make: bundleAndRun('iife', { command: command('iife'), runs: 'classic', isMeasured: true }),
    },
    {
      how: 'a module, in Chromium',
      threads: 'shared',
      make: bundleAndRun('esm', { command: command('es'), runs: 'module' }),
    },
    {
      how: 'a module, in Node',
      threads: 'shared',
      make: bundleAndRun('node', { command: command('es'), runs: 'node' }),
    },
  ],
}
