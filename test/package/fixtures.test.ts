/** The lists of test/fixtures/README.md have every fixture, its script, and who reads it; and all of that is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'

const folder = 'test/fixtures'
const page = readFileSync(`${folder}/README.md`, 'utf8')
/** Wherever in the folders of tests they are. */
const tests = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => basename(path))

/** The rows of the table whose first column has this name: the names of files in each column. */
function table(first: string): string[][][] {
  const lines = page.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${first} `))
  if (start === -1) throw new Error(`expected a table of ${first}`)
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'))
  return lines.slice(start + 2, start + length).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name]) => name)),
  )
}

/** What of these is not there: tests in any folder, all else in the folder of fixtures, or from the root on. */
function missing(names: readonly string[]): string[] {
  return names.filter((name) =>
    name.endsWith('.test.ts') ? !tests.includes(name) : !existsSync(`${folder}/${name}`) && !existsSync(name),
  )
}

/** Of each item of the list of fixtures: the file, its script, and the tests that read it. */
const fixtures = Array.from(
  page.matchAll(/^- `([^`]+)`: `([^`]+)`, [^`;]+;((?:\s+`[^`]+`,?)+)$/gm),
  ([, file, script, readers]) => [[file], [script], readers.match(/[^`,\s]+/g) ?? []],
)
const programs = table('File')

describe('the fixtures', () => {
  it.each(readdirSync(folder).filter((name) => !['README.md', '__pycache__'].includes(name)))(
    '%s is in a list',
    (file) => {
      const named = [...fixtures.flatMap(([files, script]) => [...files, ...script]), ...programs.flat(2)]
      expect(named).toContain(file)
    },
  )

  it.each(fixtures)('%s: its script %s, and a test that reads it, are there', ([file], script, readers) => {
    expect(script, file).toHaveLength(1)
    expect(readers, file).not.toHaveLength(0)
    expect(missing([file, ...script, ...readers])).toEqual([])
  })

  it.each(programs)('%s: what it is used by is there', ([file], users) => {
    expect(users, file).not.toHaveLength(0)
    expect(missing([file, ...users])).toEqual([])
  })
})

describe('what the bytes of a release depend on', () => {
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    devDependencies: Record<string, string>
  }

  it.each(['assemblyscript', 'esbuild', 'lzma', '@types/lzma'])('%s has one exact version', (name) => {
    expect(devDependencies[name]).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('package-lock.json names no registry', () => {
    expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved"|registry/)
  })
})
