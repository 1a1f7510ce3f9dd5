import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvFields, isFormula } from '../../src/scoring/csv-fields.js'
import { parseCsv } from '../../src/data/index.js'
import { deltaprop } from '../support/command.js'

const FORMULAS = [
  `=cmd|'/C calc'!A0`,
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(1)',
  '\t=1',
  '\ttext',
  '\rtext',
  '\0=1',
  ' =1',
  '\u00a0=1',
  '\ufeff=1',
  '\u200b=1',
  '\n=1',
  '"=1"',
  ' "@a',
  '＝1',
  '＋1',
  '－1',
  '＠a',
  '-',
  '=',
]
const TEXTS = [
  '',
  'a',
  'a=1',
  '-1.5',
  '+3',
  '-1,5',
  '1e-3',
  '-.5E+9',
  '1=1',
  "'=1",
  'a\n=1',
  'a\0b',
  ' a',
  'é-',
  '(=1)',
]

describe('formulas in CSV', () => {
  it.each(FORMULAS)('%j is one', (text) => expect(isFormula(text)).toBe(true))
  it.each(TEXTS)('%j is none', (text) => expect(isFormula(text)).toBe(false))

  it('are made texts, in quotes, where that is asked for; what is none stays as it is', () => {
    const field = csvFields(',', true, () => expect.unreachable())
    expect(field('=1+"a"')).toBe(`"'=1+""a"""`)
    expect(['a', '-1.5', 'a,b', 'a"b'].map(field)).toEqual(['a', '-1.5', '"a,b"', '"a""b"'])
  })

  it('stay as they are elsewhere, and the first is told', () => {
    const told: string[] = []
    const field = csvFields(';', false, (text) => told.push(text))
    expect(['a', '=1', '@2', '-1.5', 'a;b', 'a\0b'].map(field)).toEqual([
      'a',
      '=1',
      '@2',
      '-1.5',
      '"a;b"',
      'a\0b',
    ])
    expect(told).toEqual(['=1'])
  })
})

describe('deltaprop predict --escape-formulas', () => {
  let folder = ''
  const file = (name: string): string => join(folder, name)
  const classes = ['=1+1', '-1.5', '@b', 'plain']

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'formulas-'))
    const rows = Array.from({ length: 24 }, (_, i) => `${i % 4},"${classes[i % 4]}"`)
    writeFileSync(file('data.csv'), ['x,+target', ...rows].join('\n'))
    writeFileSync(file('plain.csv'), ['x,target', ...rows.map((row) => row.replace(/[=@]/, 'a'))].join('\n'))
    for (const [data, target] of [
      ['data', '+target'],
      ['plain', 'target'],
    ]) {
      const args = [
        '-t',
        target,
        '-o',
        file(data),
        '--epochs',
        '60',
        '--learning-rate',
        '0.05',
        '--holdout',
        '0',
      ]
      const { stderr, code } = await deltaprop(['train', file(`${data}.csv`), ...args, '--texts', target])
      expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    }
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('writes texts that programs read as they were, and says that a spreadsheet would not', async () => {
    const { stdout, stderr } = await deltaprop(['predict', file('data'), file('data.csv')])
    expect(stderr).toBe(
      `note: "+target" is a formula to spreadsheets; --escape-formulas writes ' before it\n`,
    )
    const { columns } = parseCsv(stdout)
    expect(new Set(Array.from(columns[0].values, String))).toEqual(new Set(classes))
    expect(stdout).toMatch(/^\+target,P\(-1\.5\),P\(=1\+1\),P\(@b\),P\(plain\)\n/)
  })

  it('writes an apostrophe before them where it is asked to', async () => {
    const args = ['predict', file('data'), file('data.csv')]
    const { stdout, stderr } = await deltaprop([...args, '--escape-formulas'])
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^"'\+target",P\(-1\.5\),/)
    const cells = stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0])
    expect(new Set(cells)).toEqual(new Set([`"'=1+1"`, '-1.5', `"'@b"`, 'plain']))
    const plain = await deltaprop(args)
    expect(stdout.replaceAll(/"'([^"]*)"/g, '$1')).toBe(plain.stdout)
  })

  it('JSON lines have no formulas, and a file without any no note', async () => {
    const json = await deltaprop(['predict', file('data'), file('data.csv'), '--json'])
    expect(json.stderr).toBe('')
    const plain = await deltaprop(['predict', file('plain'), file('plain.csv')])
    expect(plain.stderr).toBe('')
    expect(plain.stdout).toContain('a1+1')
  })
})
