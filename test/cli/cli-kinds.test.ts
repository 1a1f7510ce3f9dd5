/** Models of true and false, and of labels, on the command line: as it is built. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Model } from '../../src/model/index.js'
import { deltaprop } from '../support/command.js'

const directory = mkdtempSync(join(tmpdir(), 'deltaprop-kinds-'))
afterAll(() => rmSync(directory, { recursive: true }))
const file = (name: string): string => join(directory, name)

const rows = Array.from({ length: 12 }, (_, i) => ({
  a: i,
  member: i % 3 === 0,
  red: i < 6 ? 'no' : 'yes',
  big: i % 2,
}))
const labels = Model.create(rows, { target: ['red', 'big'], task: 'multilabel', seed: 1 })
const classes = Model.create(rows, { target: 'member', features: ['a'], seed: 1 })
const csv = `a,member,red,big\n${rows.map(({ a, member, red, big }) => `${a},${member ? 'True' : 'False'},${red},${big}\n`).join('')}`

beforeAll(() => {
  writeFileSync(file('labels'), labels.toBytes())
  writeFileSync(file('classes'), classes.toBytes())
  writeFileSync(file('rows.csv'), csv)
  writeFileSync(file('rows.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'))
})

describe('labels and true and false', () => {
  it('are inspected', async () => {
    const { stdout } = await deltaprop(['inspect', file('labels')])
    expect(stdout).toMatch(/^in +member +true\/false +one-hot: false, true$/m)
    expect(stdout).toMatch(/^out +red +label +0 for no, 1 for yes$/m)
  })

  it('are predicted, the same from CSV and JSON lines', async () => {
    const fromCsv = await deltaprop(['predict', file('labels'), file('rows.csv')])
    const fromJson = await deltaprop(['predict', file('labels'), file('rows.jsonl')])
    expect(fromCsv.stdout).toBe(fromJson.stdout)
    const [header, first] = fromCsv.stdout.split('\n')
    expect(header).toBe('red,big,P(red),P(big)')
    const { probabilities = {}, ...answers } = labels.predict(rows[0])
    const numbers = ['red', 'big'].map((name) => Number(probabilities[name].toPrecision(7)))
    expect(first).toBe([...Object.values(answers).map(String), ...numbers].join(','))
    const json = await deltaprop(['predict', file('labels'), file('rows.csv'), '--json'])
    expect(JSON.parse(json.stdout.split('\n')[0])).toEqual(labels.predict(rows[0]))
    const ofClasses = await deltaprop(['predict', file('classes'), file('rows.csv')])
    expect(ofClasses.stdout.split('\n')[0]).toBe('member,P(false),P(true)')
    expect(ofClasses.stdout.split('\n')[1]).toMatch(/^(true|false),[\d.]+,[\d.]+$/)
  })

  it('are evaluated', async () => {
    const json = await deltaprop(['evaluate', file('labels'), file('rows.csv'), '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ rows: 12, kind: 'multilabel', labels: ['red', 'big'] })
    const { stdout } = await deltaprop(['evaluate', file('labels'), file('rows.csv')])
    expect(stdout).toMatch(/^label +precision +recall +F1 +ROC AUC +rows$/m)
    for (const name of ['red', 'big', 'mean']) {
      expect(stdout).toMatch(new RegExp(`^${name} +[\\d.]+ %`, 'm'))
    }
  })

  it('are explained', async () => {
    const { stdout } = await deltaprop(['explain', file('labels'), '--data', file('rows.csv'), '--row', '2'])
    expect(stdout).toMatch(/^member +False +1 of 2 for its value +1 0$/m)
    expect(stdout).toMatch(/^red +[\d.]+ +yes for o > ½ +(yes|no)$/m)
  })
})
