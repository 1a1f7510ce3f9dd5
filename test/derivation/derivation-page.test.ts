/**
 * docs/derivation.md and its Chinese version: every equation that is cited anywhere is a heading there, its numbers are those
 * of a trace, and what the list at its end names is there.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { drawings } from '../../scripts/draw-derivation.js'
import { Network } from '../../src/index.js'
import { expectClose } from '../support/expect-close.js'

const EQUATIONS = ['F1', 'F2', ...Array.from({ length: 64 - 33 + 1 }, (_, i) => String(33 + i))]
const PAGES = ['docs/derivation.md', 'docs/derivation.zh.md'].map((path) => ({
  path,
  text: readFileSync(path, 'utf8'),
}))

/**
 * A citation: (F and a digit), or two digits, alone in parentheses. Not what directly follows a name, a type or a bracket,
 * which is a call: `upTo(64)`, `new Array<number>(40)`. Anything of two digits counts, (32) too: it would be a citation
 * of an equation that is not there.
 */
const CITATION = /(?<![\w$>\])])\((F\d|\d\d)\)/g

const citedIn = (text: string): string[] => Array.from(text.matchAll(CITATION), ([, equation]) => equation)
const blocksOf = (text: string, pattern: RegExp): string[] =>
  Array.from(text.matchAll(pattern), ([, block]) => block)
const headingsOf = (text: string): string[] => blocksOf(text, /^### \((\w+)\)$/gm)
const formulasOf = (text: string): string[] => blocksOf(text, /^\$\$\n([^]*?)\n\$\$$/gm)
const examplesOf = (text: string): string[] => blocksOf(text, /^```text\n([^]*?)\n```$/gm)

interface Seed {
  readonly x: number[][]
  readonly y: number[][]
  readonly weights: number[][][]
  readonly biases: number[][]
}
const [seed] = JSON.parse(readFileSync('test/fixtures/seed-2-3-2-2.json', 'utf8')) as Seed[]
const net = new Network([2, 3, 2, 2], { activation: 'sigmoid', loss: 'halfSquared', precision: 'f64' })
for (const [l, { weights, biases }] of net.layers.entries()) {
  weights.set(seed.weights[l].flat())
  biases.set(seed.biases[l])
}
const trace = net.trace(seed.x[0], seed.y[0])

describe('what is cited', () => {
  const filesOf = (folder: string, ending: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith(ending) && !name.endsWith('.generated.ts'))
      .map((name) => join(folder, name))
  /** Titles of tests, `it('…'`, `it.each(…)('…'`, and of their groups. */
  const titlesIn = (source: string): string =>
    blocksOf(source, /\b(?:it|describe)(?:\.\w+)?(?:\([^'"`]*\))?\(\s*(['"`].*?)['"`],/g).join('\n')
  const places = [
    { what: 'assembly/', files: filesOf('assembly', '.ts'), least: 40 },
    { what: 'src/', files: filesOf('src', '.ts'), least: 60 },
    { what: 'README.md and docs/', files: ['README.md', ...filesOf('docs', '.md')], least: 100 },
    { what: 'test/reference.ts', files: ['test/reference.ts'], least: 10 },
    { what: 'titles of tests', files: filesOf('test', '.test.ts'), least: 60 },
  ]

  it.each(places)('$what: has a heading in both languages', ({ what, files, least }) => {
    const cited = files.flatMap((file) => {
      const text = readFileSync(file, 'utf8')
      return citedIn(what === 'titles of tests' ? titlesIn(text) : text).map((equation) => ({
        file,
        equation,
      }))
    })
    expect(cited.length).toBeGreaterThanOrEqual(least)
    for (const { text } of PAGES) {
      const headings = headingsOf(text)
      expect(cited.filter(({ equation }) => !headings.includes(equation))).toEqual([])
    }
  })

  it.each(['halfSquared', 'categoricalCrossEntropy'] as const)('a printed trace, %s', (loss) => {
    const output = loss === 'halfSquared' ? 'sigmoid' : 'softmax'
    const printed = String(new Network([3, 4, 2], { activation: { output }, loss }).trace([1, 2, 3], [0, 1]))
    const cited = citedIn(printed)
    expect(cited).toEqual(expect.arrayContaining(['38', 'F1', 'F2', '41', '60', '61', '64', '45', '59']))
    expect(cited.filter((equation) => !EQUATIONS.includes(equation))).toEqual([])
  })

  it('is told from calls and other numbers', () => {
    expect(citedIn('the z of (F1), (40)–(41), and "(64)"')).toEqual(['F1', '40', '41', '64'])
    expect(citedIn('upTo(64), new Array<number>(40), f[0](50), f()(50), (7), (100), (6 of 4)')).toEqual([])
  })
})

describe.each(PAGES)('$path', ({ path, text }) => {
  it('has a heading for every equation, in order', () => expect(headingsOf(text)).toEqual(EQUATIONS))

  it('has a formula under each', () => {
    for (const equation of EQUATIONS) expect(text).toContain(`\n### (${equation})\n\n$$\n`)
    expect(formulasOf(text)).toHaveLength(EQUATIONS.length)
  })

  it('its formulas keep their backslashes, which Markdown takes from before anything but a letter', () => {
    for (const formula of formulasOf(text)) expect(formula).not.toMatch(/\\[^a-z]/i)
  })

  it('has the formulas, the numbers and the list of the other language', () => {
    const [other] = PAGES.filter((page) => page.path !== path)
    expect(formulasOf(text)).toEqual(formulasOf(other.text))
    expect(examplesOf(text)).toEqual(examplesOf(other.text))
    expect(rowsOf(text)).toEqual(rowsOf(other.text))
    expect(text.match(/^## /gm)).toHaveLength(other.text.match(/^## /gm)?.length ?? 0)
    expect(text).toContain(`](${other.path.slice('docs/'.length)})`)
  })

  it('its numbers are those of the trace, and what is worked out', () => {
    const { x, y, weights, biases } = seed
    const quantities: ArrayLike<number>[] = [x[0], y[0], [trace.loss], ...weights.flat(), ...biases]
    for (const { inputs, z, a, sigmaPrime, dC_da, dC_dz, gradW, gradB } of trace.layers) {
      quantities.push(inputs, z, a, sigmaPrime, dC_da, dC_dz, gradW, gradB)
    }
    const known = quantities.flatMap((values) =>
      Array.from(values, (value) => value.toPrecision(6).replace('-', '−')),
    )
    const numbers = examplesOf(text).flatMap((example) => example.match(/−?\d\.\d+/g) ?? [])
    expect(numbers.length).toBeGreaterThan(100)
    for (const number of numbers) {
      expect(
        [number, `−${number}`].some((signed) => known.includes(signed)),
        number,
      ).toBe(true)
    }
  })

  it('its arithmetic comes to what it says', () => {
    let count = 0
    for (const example of examplesOf(text)) {
      for (const [, sum, result] of example.matchAll(/= ([\d.−+·()²½ ]+)\n += (−?[\d.]+)$/gm)) {
        expectClose(valueOf(sum), valueOf(result), { relative: 1e-5 })
        ++count
      }
    }
    expect(count).toBeGreaterThanOrEqual(10)
  })

  it('shows the pictures, as scripts/draw-derivation.js draws them', () => {
    for (const [file, svg] of Object.entries(drawings())) {
      expect(text).toContain(`](${file.slice('docs/'.length)})`)
      expect(readFileSync(file, 'utf8')).toBe(svg)
    }
  })
})

describe('the list of what computes what', () => {
  const [{ path, text }] = PAGES
  const rows = rowsOf(text)
  const printed = String(trace).replace(/ +/g, ' ')

  it('has every equation once', () => {
    for (const row of rows) expect(row).toHaveLength(5)
    expect(rows.flatMap(([equations]) => citedIn(equations)).sort()).toEqual([...EQUATIONS].sort())
  })

  it.each(rows)('%s: functions, line and test are there', (_, kernels, baseline, line, tests) => {
    for (const cell of [kernels, baseline, tests]) {
      const links = Array.from(cell.matchAll(/\[`([^`]+)`\]\(([^)]+)\)/g))
      expect(links.length).toBeGreaterThan(0)
      for (const [, name, link] of links) {
        const file = join(dirname(path), link)
        expect(existsSync(file), file).toBe(true)
        const source = readFileSync(file, 'utf8')
        if (cell === tests) expect(source).toContain(`'${name}'`)
        else expect(source).toMatch(declarationOf(name))
      }
    }
    if (line !== '–') expect(printed).toContain(`\n ${line.replaceAll('`', '')} `)
  })

  it('every derived equation has a test of its own, which begins with its number', () => {
    const source = readFileSync('test/derivation/derivation.test.ts', 'utf8')
    for (const equation of EQUATIONS) expect(source).toContain(`  it('(${equation}) `)
  })
})

/** The entries of the list: the equations, then kernels, baseline, line of a trace, tests. */
function rowsOf(text: string): string[][] {
  return Array.from(
    text.matchAll(/^- (\[\(.*)\n((?: {2}- .*\n(?: {4}.*\n)*)+)/gm),
    ([, equations, places]) => [
      equations,
      ...Array.from(places.matchAll(/^ {2}- [^:]+: (.*(?:\n {4}.*)*)/gm), ([, place]) =>
        place.replace(/\s+/g, ' '),
      ),
    ],
  )
}

/** A function, a constant, or a method or a property of a class. */
function declarationOf(name: string): RegExp {
  return new RegExp(`^(export (function|const) ${name}\\b|  (readonly )?${name}[(:])`, 'm')
}

/** The value of numbers, + − · ½ ² and parentheses. */
function valueOf(text: string): number {
  const tokens = text.match(/[\d.]+|[+−·½²()]/g) ?? []
  const takes = (token: string): boolean => tokens[0] === token && tokens.shift() !== undefined
  const sum = (): number => {
    let value = product()
    for (;;) {
      if (takes('+')) value += product()
      else if (takes('−')) value -= product()
      else return value
    }
  }
  const product = (): number => {
    let value = power()
    while (takes('·')) value *= power()
    return value
  }
  const power = (): number => {
    if (takes('−')) return -power()
    const value = factor()
    return takes('²') ? value ** 2 : value
  }
  const factor = (): number => {
    if (takes('½')) return 0.5
    if (!takes('(')) return Number(tokens.shift())
    const value = sum()
    return takes(')') ? value : NaN
  }
  const value = sum()
  return tokens.length === 0 ? value : NaN
}
