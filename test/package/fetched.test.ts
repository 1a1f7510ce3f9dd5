/** The programs that docs/interop.md has for a page, where fetch and document stand in for the page's: in browsers the matrix runs them. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outputOf } from '../../scripts/pages.js'
import { fetched, problemsOf, programs } from '../matrix/fetched.js'

const PAGE = `
import { readFileSync } from 'node:fs'
const files = ${JSON.stringify(Object.entries(fetched).map(([name, path]) => [name, resolve(path)]))}
globalThis.fetch = async (name) => new Response(readFileSync(new Map(files).get(name)))
globalThis.document = { body: {} }
await import(process.argv[2])
process.stdout.write(document.body.textContent)
`

describe('the programs for a page', () => {
  let folder: string
  const shown: Record<string, string> = {}

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'deltaprop-fetched-'))
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(resolve('.'), join(folder, 'node_modules', 'deltaprop'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'page.js'), PAGE)
  })

  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(Object.entries(programs))('%s runs', (name, code) => {
    writeFileSync(join(folder, name), code)
    shown[name] = outputOf(process.execPath, ['page.js', `./${name}`], folder)
  })

  it('show what the tools answer', () => {
    expect(Object.keys(shown)).toEqual(['iris.js', 'keras.js'])
    expect(problemsOf(shown)).toEqual([])
  })

  it('do not pass with another class, another number, or nothing', () => {
    const wanted = 'iris.js: expected setosa setosa versicolor virginica 0.96'
    const renamed = shown['iris.js'].replace('setosa', 'virginica')
    expect(problemsOf({ ...shown, 'iris.js': renamed })[0]).toContain(wanted)
    const [first, ...others] = shown['keras.js'].split(',').map(Number)
    const changed = [first + 2e-6, ...others].join()
    expect(problemsOf({ ...shown, 'keras.js': changed })[0]).toContain('keras.js: expected 0.08101')
    expect(problemsOf({})).toHaveLength(2)
  })
})
