import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { addTrainOptions } from '../src/cli/commands/train-options.js'
import { runPage, withoutTimes } from '../scripts/pages.js'
import { Command } from 'commander'

const pages = readdirSync('docs')
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('docs', name))
/** those with commands, whose outputs are filled in */
const walks = ['docs/data.md']

describe('the pages', () => {
  it('are there', () => expect(pages).toEqual(expect.arrayContaining(walks)))

  it.each(walks)('%s: its commands print what is shown, but for times', { timeout: 60_000 }, (path) => {
    const page = readFileSync(path, 'utf8')
    expect(page.match(/^npx deltaprop /gm)?.length).toBeGreaterThan(0)
    expect(withoutTimes(runPage(page))).toBe(withoutTimes(page))
  })

  it.each([...pages, 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'])(
    '%s: every output is filled in, every link leads somewhere',
    (path) => {
      const page = readFileSync(path, 'utf8')
      expect(page).not.toContain('```text\n```')
      const titles = Array.from(page.matchAll(/^#+ (.+)$/gm), ([, title]) =>
        title
          .toLowerCase()
          .replace(/[^\p{L}\p{N} -]/gu, '')
          .replaceAll(' ', '-'),
      )
      for (const [, link] of page.matchAll(/\]\(([^)]+)\)/g)) {
        if (link.startsWith('#')) expect(titles).toContain(link.slice(1))
        else if (!link.startsWith('http')) expect(existsSync(join(dirname(path), link)), link).toBe(true)
      }
    },
  )

  it.each(walks)('%s: the options that it names are those of train', (path) => {
    const page = readFileSync(path, 'utf8')
    const known = new Set(addTrainOptions(new Command()).options.map(({ long }) => long))
    const named = new Set(page.match(/(?<![\w-])--[a-z][a-z-]*/g))
    expect(Array.from(named).filter((name) => !known.has(name))).toEqual([])
  })
})

describe('pages for whoever works on it', () => {
  const folders = ['assembly', 'src', 'test', 'scripts', 'bench', 'api', 'docs']
  const isText = (name: string): boolean => /\.(ts|js|py|md|json)$/.test(name)
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => isText(name) && !/node_modules|[\\/]build[\\/]/.test(name))
      .map((name) => join(folder, name)),
  )
  const names = new Set([...files, ...readdirSync('.')].map((file) => basename(file)))
  const sources = files.filter((file) => /^(assembly|src|test|scripts)\b.*\.[tj]s$/.test(file))
  const words = new Set(sources.flatMap((file) => readFileSync(file, 'utf8').match(/[A-Za-z_]\w*/g) ?? []))

  it.each(['CONTRIBUTING.md', 'docs/architecture.md', 'docs/threads.md', 'docs/versions.md'])(
    '%s: files and names that it tells of are there',
    (path) => {
      const prose = readFileSync(path, 'utf8').replace(/^```[^]*?^```$/gm, '')
      const spans = Array.from(prose.matchAll(/`([^`\n]+)`/g), ([, code]) => code)
      const told = spans.filter((code) => isText(code) && !/[<*\s]/.test(code)).map((code) => basename(code))
      expect(told.length).toBeGreaterThan(3)
      expect(told.filter((name) => !names.has(name))).toEqual([])
      const identifiers = spans.filter((code) => /^[A-Za-z_]\w*$/.test(code))
      expect(identifiers.filter((name) => !words.has(name))).toEqual([])
    },
  )
})

describe('the data that is made up', () => {
  it('is what examples/data/make.js writes', () => {
    const names = ['wines', 'passengers', 'preisliste', 'sensors', 'faults']
    const files = readdirSync('examples/data').filter((file) => names.some((name) => file.startsWith(name)))
    expect(files).toHaveLength(10)
    const before = files.map((file) => readFileSync(join('examples/data', file)))
    execFileSync(process.execPath, ['examples/data/make.js'])
    expect(files.map((file) => readFileSync(join('examples/data', file)))).toEqual(before)
  })
})
