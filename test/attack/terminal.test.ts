import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import type { Random } from '../../src/base/random.js'
import { asTerminal, deltaprop, type Outcome } from '../support/command.js'
import { attack } from './attack.js'

/** What a terminal obeys: titles, answers to questions, C1, bells, erasing; and what turns text around, hides it or breaks its lines. */
const HOSTILE = [
  '\x1b]0;owned\x07',
  '\x1b[5n',
  '\x1bP$q\x1b\\',
  '\x9b31m',
  '\x85',
  '\x07',
  '\b\b',
  '\x7f',
  '\v\f',
  '\u202e',
  '\u202a\u202c',
  '\u2066\u2069',
  '\u200b\u200d\ufeff',
  '\u2028\u2029',
  '\u{e0041}\u{e007f}',
]

/** What is never passed on: \n aside, our own colours and the progress line's own signs. */
const PASSED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u
const OWN = /\n|\r|\x1b[78]|\x1b\[\d*(?:;\d+)*[mKGAJ]|\x1b\[\?25[hl]/g

const folder = mkdtempSync(join(tmpdir(), 'terminal-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A name that differs from the others by its beginning. */
function hostile(random: Random, name: string): string {
  const some = HOSTILE.map((text) => (random.uniform() < 0.5 ? text : '')).join('')
  return `${name}${some}${HOSTILE[Math.floor(random.uniform() * HOSTILE.length)]}z`
}

attack(
  'Tables',
  'nothing that a file, its name, its columns or its classes hold is obeyed by a terminal',
  { short: 1, full: 25 },
  async (random, i) => {
    const [column, target, a, b] = ['x', 'y', 'a', 'b'].map((name) => hostile(random, name))
    const file = (name: string): string => join(folder, `${i}${hostile(random, name)}`)
    const [data, out, bad, wrong, empty] = ['data', 'out', 'bad', 'wrong', 'empty'].map(file)
    const rows = Array.from(
      { length: 12 },
      (_, k) => `${k},"${k % 2 === 0 ? a : b}","${k % 3 === 0 ? a : b}"`,
    )
    const csv = [`n,"${column}","${target}"`, ...rows].join('\n')
    writeFileSync(data, csv)
    writeFileSync(bad, `${csv}\n1,"${hostile(random, 'other')}","${hostile(random, 'c')}"\n`)
    writeFileSync(wrong, `n,"${hostile(random, 'w')}"\n"${hostile(random, '1')}",2\n`)
    writeFileSync(empty, '')
    const training = ['-t', target, '-o', out, '--epochs', '2', '--holdout', '0.3']
    const trained = await deltaprop(['train', data, ...training], { node: asTerminal })
    expect(trained.code).toBe(0)
    const fails = [
      ['train', bad, '-t', hostile(random, 'none'), '-o', out],
      ['train', wrong, '-t', 'n', '-o', file('o'), '--task', hostile(random, 'task')],
      ['predict', out, bad],
      ['predict', out, wrong],
      ['predict', out, empty],
      ['predict', out, file('missing')],
      ['evaluate', out, bad],
      ['explain', out, '-d', wrong],
      ['inspect', data],
      [hostile(random, 'command')],
      ['predict', out, data, `--${hostile(random, 'option')}`],
    ]
    const works = [
      ['predict', out, data],
      ['predict', out, data, '--json'],
      ['predict', out, data, '--escape-formulas'],
      ...['evaluate', 'explain'].flatMap((command) => {
        const args = command === 'explain' ? [command, out, '-d', data] : [command, out, data]
        return [args, [...args, '--json']]
      }),
      ['inspect', out],
      ['inspect', out, '--json'],
    ]
    for (const args of [...works, ...fails]) {
      const outcome = await deltaprop(args, { node: asTerminal })
      expect([args[0], outcome.code === 0]).toEqual([args[0], works.includes(args)])
      expectHarmless(args, outcome)
    }
    expectHarmless(['train'], trained)
    // A pipe has what the file had.
    const piped = await deltaprop(['predict', out, data])
    expect(piped.stdout).toContain(`P(${a})`)
    expect(piped.stderr).toBe('')
  },
)

function expectHarmless(args: readonly string[], { stdout, stderr }: Outcome): void {
  for (const text of [stdout, stderr]) {
    const [character] = PASSED.exec(text.replace(OWN, '')) ?? []
    if (character === undefined) continue
    const code = character.codePointAt(0) ?? 0
    throw new Error(`${JSON.stringify(args)}: U+${code.toString(16)} in ${JSON.stringify(text)}`)
  }
}
