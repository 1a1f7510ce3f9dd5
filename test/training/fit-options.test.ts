/** Every option of fit: on the command line, or left out of it on purpose; and in the documents. */
import { Command } from 'commander'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { addTrainOptions } from '../../src/cli/commands/train-options.js'
import type { FitOptions } from '../../src/index.js'

/** The option of `deltaprop train`; null where there is none. An option of fit that is not here does not compile. */
const commandLine: Readonly<Record<keyof FitOptions, string | null>> = {
  epochs: '--epochs',
  batchSize: '--batch-size',
  accumulate: null,
  optimizer: '--optimizer',
  schedule: '--schedule',
  classWeights: '--class-weights',
  l1: '--l1',
  l2: '--l2',
  clipGradients: '--max-gradient-norm',
  maxWeightNorm: null,
  dropout: '--dropout',
  averageWeights: null,
  labelSmoothing: '--label-smoothing',
  checkpoint: '--checkpoint',
  progress: null, // train has a bar of its own
  metrics: null, // and a report at the end
  shuffle: null,
  shards: null, // bits of training that is divided among machines
  on: null, // those machines
  threads: '--threads',
  validation: '--validation',
  earlyStopping: '--patience',
  timeLimit: '--time-limit',
  signal: null, // Ctrl-C
  onBatch: null,
  onEpoch: null,
}

it('those of the command line are options of train', () => {
  const known = addTrainOptions(new Command()).options.map(({ long }) => long)
  for (const option of Object.values(commandLine)) if (option !== null) expect(known).toContain(option)
})

it('every one is in the README or on a page of docs/', () => {
  const pages = ['README.md', ...readdirSync('docs').map((name) => join('docs', name))]
  const words = new Set(
    pages
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) => readFileSync(path, 'utf8').match(/\w+/g) ?? []),
  )
  for (const option of Object.keys(commandLine)) expect(words).toContain(option)
})
