/** What the command line says of answers that are no numbers, and of files that are not what was saved. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Model } from '../../src/model/index.js'
import { deltaprop } from '../support/command.js'

const folder = mkdtempSync(join(tmpdir(), 'answers-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)

beforeAll(() => {
  const flowers = [
    { size: 1, kind: 'iris' },
    { size: 2, kind: 'rose' },
    { size: 3, kind: 'tulip' },
  ]
  const model = Model.create(flowers, { target: 'kind', hidden: [], scale: 'none', seed: 1 })
  model.network.layers[0].weights.set([9, -9, 8])
  const bytes = model.toBytes()
  writeFileSync(at('model.safetensors'), bytes)
  bytes[bytes.length - 3] ^= 4
  writeFileSync(at('flipped.safetensors'), bytes)
  model.network.layers[0].weights[1] = NaN
  writeFileSync(at('nan.safetensors'), model.toBytes())
  writeFileSync(at('nan.json'), JSON.stringify(model))
  writeFileSync(at('rows.csv'), 'size,kind\n1,iris\n3e38,rose\n')
  writeFileSync(at('rows.jsonl'), '{"size":1,"kind":"iris"}\n{"size":3e38,"kind":"rose"}\n')
  const many = Array.from({ length: 1500 }, (_, i) => `${i === 1400 ? '3e38' : 1},iris`)
  writeFileSync(at('many.csv'), ['size,kind', ...many].join('\n'))
})

describe('a row without an answer ends it, and is named', () => {
  const reason =
    'expected a finite probability of iris, got NaN; its numbers, or the weights, are so large that sums of them overflow'

  it.each([
    ['predict', 'rows.csv', 2, []],
    ['predict', 'rows.jsonl', 2, ['--json']],
    ['predict', 'many.csv', 1401, []],
    ['evaluate', 'rows.csv', 2, ['--json']],
    ['evaluate', 'rows.jsonl', 2, []],
  ] as const)('%s %s', async (command, file, row, options) => {
    const { code, stderr } = await deltaprop([command, at('model.safetensors'), at(file), ...options])
    expect(stderr).toBe(`deltaprop: ${at(file)}: row ${row}: ${reason}\n`)
    expect(code).toBe(1)
  })

  it.each(['rows.csv', 'rows.jsonl'])('explain %s', async (file) => {
    const args = ['explain', at('model.safetensors'), '--data', at(file), '--row', '2', '--json']
    const { code, stdout, stderr } = await deltaprop(args)
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `deltaprop: ${at(file)}: row 2: ${reason}\n`,
    })
  })
})

describe('no command reads', () => {
  const commands = [['inspect'], ['predict', at('rows.csv')], ['evaluate', at('rows.csv')]]
  it.each([
    [
      'flipped.safetensors',
      'expected what was saved, got other numbers or texts: take another copy or, if they were changed on purpose, drop "deltaprop.checksum" from the metadata',
    ],
    ['nan.safetensors', 'layers.0.weights[1][0]: expected a finite number, got NaN'],
    ['nan.json', 'layers[0].weights[1][0]: expected a finite number, got NaN'],
  ])('%s', async (file, message) => {
    for (const [command, ...rest] of commands) {
      const { code, stdout, stderr } = await deltaprop([command, at(file), ...rest])
      const expected = { code: 1, stdout: '', stderr: `deltaprop: ${at(file)}: ${message}\n` }
      expect({ code, stdout, stderr }).toEqual(expected)
    }
  })
})
