/** The pages, README.md and docs/*.md: their programs run and print what is shown, their links lead somewhere, their tables are narrow. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { entries } from '../../scripts/entries.js'
import { blocksOf } from '../../scripts/blocks.js'
import { pagePaths, runPage, withoutTimes } from '../../scripts/pages.js'
import { commands } from '../../src/cli/program.js'
import { brokenLinks, linkedFiles, markdownFiles } from '../support/markdown.js'

const pages = pagePaths.map((path) => ({ path, text: readFileSync(path, 'utf8') }))
const everything = pages.map(({ text }) => text).join('\n')
const columns = (line: string): number => Array.from(line).length

describe('the pages', () => {
  it('have programs, commands and outputs, which a change of the notation would not leave unread', () => {
    const blocks = pages.flatMap(({ text }) => blocksOf(text))
    const count = (wanted: string): number => blocks.filter(({ role }) => role === wanted).length
    expect(count('program')).toBeGreaterThanOrEqual(36)
    expect(count('command')).toBeGreaterThanOrEqual(26)
    expect(count('output')).toBeGreaterThanOrEqual(60)
    expect(blocks.filter(({ language, role }) => language === 'js' && role === undefined)).toEqual([])
  })

  it.each(pages)('$path: programs and commands print what is shown, but for times', (page) => {
    expect(withoutTimes(runPage(page.text))).toBe(withoutTimes(page.text))
  })

  it.each(pages)('$path: every output is filled in, no place is left to be', ({ text }) => {
    expect(text).not.toContain('```text\n```')
    expect(text).not.toMatch(/^[A-Z]{4,}$/m)
  })

  it.each(pages)('$path: tables have at most 120 columns', ({ text }) => {
    expect(text.split('\n').filter((line) => line.startsWith('|') && columns(line) > 120)).toEqual([])
  })

  it('README.md has at most 200 lines of at most 120 columns, as have the lines of bench/NOTES.md', () => {
    const readme = readFileSync('README.md', 'utf8').trimEnd().split('\n')
    expect(readme.length).toBeLessThanOrEqual(200)
    const notes = readFileSync('bench/NOTES.md', 'utf8').split('\n')
    expect([...readme, ...notes].filter((line) => columns(line) > 120)).toEqual([])
  })

  it('README.md leads to every page, by links of pages', () => {
    const reached = new Set(['README.md'])
    for (const path of reached)
      for (const page of linkedFiles(path)) if (pagePaths.includes(page)) reached.add(page)
    expect(Array.from(reached).sort()).toEqual([...pagePaths].sort())
  })

  it.each(['README.md', 'docs/cli.md', 'docs/data.md', 'docs/interop.md'])(
    '%s: the options that it names are known',
    (path) => {
      const program = new Command()
      for (const add of commands) add(program)
      const known = new Set(program.commands.flatMap(({ options }) => options.map(({ long }) => long)))
      const named = new Set(readFileSync(path, 'utf8').match(/(?<![\w-])--[a-z][a-z-]*/g))
      expect(Array.from(named).filter((name) => name !== '--help' && !known.has(name))).toEqual([])
    },
  )

  it('name every entry and export, and the scripts that they name are there', async () => {
    const words = new Set(everything.match(/\w+/g))
    for (const { specifier, source } of entries) {
      const exported = Object.keys((await import(resolve(source))) as object)
      for (const name of exported) expect(words, `${specifier}: ${name}`).toContain(name)
    }
    const { exports, scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      exports: Record<string, unknown>
      scripts: Record<string, string>
    }
    for (const entry of Object.keys(exports))
      expect(everything).toContain(`\`${entry.replace('.', 'deltaprop')}\``)
    for (const [, script] of everything.matchAll(/npm run ([\w:]+)/g))
      expect(Object.keys(scripts)).toContain(script)
  })

  it('have a row or an item for each name of an activation, a loss, an initialiser, an optimiser and a schedule', async () => {
    const { activationNames } = await import('../../src/definition/activations.js')
    const { lossNames } = await import('../../src/definition/losses.js')
    const { optimizerNames } = await import('../../src/definition/optimizers.js')
    const { scheduleNames } = await import('../../src/definition/schedules.js')
    const { initializerNames } = await import('../../src/definition/initializers.js')
    const rows = Array.from(everything.matchAll(/^[|-] `(\w+)`[ :]/gm), ([, name]) => name)
    for (const names of [activationNames, lossNames, initializerNames, optimizerNames, scheduleNames])
      expect(rows).toEqual(expect.arrayContaining([...names]))
  })

  it('have the defaults that optimisers have', async () => {
    const { resolveOptimizer, optimizerNames } = await import('../../src/definition/optimizers.js')
    const training = readFileSync('docs/training.md', 'utf8')
    for (const name of optimizerNames) {
      const { type, learningRate, ...others } = resolveOptimizer(name)
      const row = new RegExp(`^\\| \`${type}\` .*$`, 'm').exec(training)?.[0]
      expect(row).toMatch(new RegExp(`^\\| \`${type}\` +\\| ${learningRate} `))
      if (name === 'adamw') expect(row).toContain('as `adam`, but `weightDecay` 0.01')
      else for (const [key, value] of Object.entries(others)) expect(row).toMatch(shown(key, value))
    }
  })
})

describe('docs/interop.md', () => {
  it('says how close other tools are as they were compared', () => {
    const [said, written] = ['docs/interop.md', 'test/other-tools/RESULTS.md'].map((path) => {
      return /f32 ([\d.]+e-\d+), f64 ([\d.]+e-\d+)/.exec(readFileSync(path, 'utf8'))?.slice(1)
    })
    expect(said).toHaveLength(2)
    expect(said).toEqual(written)
  })
})

/** `key` value, where the value may be written as 1e-8. */
function shown(key: string, value: number | boolean): RegExp {
  const text = typeof value === 'number' && value > 0 && value < 1e-4 ? value.toExponential() : String(value)
  return new RegExp(`\`${key}\` ${text}[ ,;]`)
}

describe('links', () => {
  it('are looked for in all Markdown of the repository', () =>
    expect(markdownFiles()).toEqual(
      expect.arrayContaining([
        'README.md',
        'SECURITY.md',
        'bench/NOTES.md',
        'docs/network.md',
        'examples/server/README.md',
        'test/matrix/RESULTS.md',
      ]),
    ))

  it.each(markdownFiles())('%s: every relative link and its anchor is there', (path) => {
    expect(brokenLinks(path)).toEqual([])
  })
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

describe('pages for whoever works on it', () => {
  const folders = ['assembly', 'src', 'test', 'scripts', 'bench', 'api', 'docs']
  const isText = (name: string): boolean => /\.(ts|js|py|md|json)$/.test(name)
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => isText(name) && !/node_modules|[\\/]build[\\/]/.test(name))
      .map((name) => join(folder, name)),
  )
  const names = new Set([...files, ...readdirSync('.')].map((file) => basename(file)))
  const sources = files.filter((file) => /^(assembly|src|test|scripts)\b.*\.([tj]s|py)$/.test(file))
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
