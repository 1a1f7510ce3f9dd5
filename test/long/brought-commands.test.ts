/** The command line on files as people bring them: two processes for each. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Run } from '../brought/case.js'
import { cases } from '../brought/cases.js'
import { deltaprop, type Outcome } from '../support/command.js'

const path = (file: string): string => join('test/brought/files', file)

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'brought-commands-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const commands = cases.flatMap(({ file, runs = [] }) =>
  runs.map((run, i) => ({
    file,
    run,
    i,
    name: `${run.isPiped === true ? '- < ' : ''}${file} ${run.args.join(' ')}`,
  })),
)

async function train(file: string, { args, isPiped = false }: Run, out: string): Promise<Outcome> {
  const data = isPiped ? '-' : path(file)
  return await deltaprop(
    ['train', data, ...args, '--out', out, '--epochs', '3', '--holdout', '0'],
    isPiped ? { input: readFileSync(path(file)) } : {},
  )
}

describe.concurrent('deltaprop train, and predict behind it', () => {
  it.each(commands)('$name', async ({ file, run, i }) => {
    const out = join(folder, `${file}-${i}.safetensors`)
    const { code, stdout, stderr } = await train(file, run, out)
    if (run.code !== 0) {
      expect({ code, stdout }).toEqual({ code: run.code, stdout: '' })
      expect(stderr).toMatch(/^deltaprop: [^\n]+\n$/)
      for (const words of run.says) expect(stderr).toMatch(words)
      return
    }
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const words of run.says) expect(stdout).toMatch(words)
    if (run.predict === undefined) return
    const predicted = await deltaprop(['predict', out, path(file), '--json', ...run.predict])
    expect(predicted).toMatchObject({ code: 0 })
    const answers = predicted.stdout.trim().split('\n')
    expect(answers.map((line) => typeof JSON.parse(line))).toEqual(answers.map(() => 'object'))
    expect(answers).toHaveLength(run.rows ?? 0)
  })
})
