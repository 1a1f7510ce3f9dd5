/** docs/promises.md: every promise names a test that is there, and every attack is on a promise that is written down. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const page = readFileSync('docs/promises.md', 'utf8')
const [, ...sections] = page.split(/^## /m).map((text) => {
  const [title] = text.split('\n')
  return { title, text }
})
const kept = sections.filter(({ title }) => title !== 'What is not promised')

const attacks = readdirSync('test/attack', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => ({ name, text: readFileSync(join('test/attack', name), 'utf8') }))

describe('the page of promises', () => {
  it.each(kept)('$title: there are promises, and each names the test that keeps it', ({ text }) => {
    const promises = text.split(/^- (?=\*\*)/m).slice(1)
    expect(promises.length).toBeGreaterThan(0)
    for (const promise of promises) expect(promise).toMatch(/\]\(\.\.\/[^)]*test[^)]*\)/)
  })

  it('says what is not promised', () => {
    expect(sections.at(-1)?.title).toBe('What is not promised')
    expect(sections.at(-1)?.text).toMatch(/^- /m)
  })
})

describe('the attacks', () => {
  it('are there', () => expect(attacks.length).toBeGreaterThan(0))

  it.each(attacks)('$name: is named by the section of each promise that it attacks', ({ name, text }) => {
    const promises = Array.from(text.matchAll(/\battack\(\s*'(\w+)'/g), ([, promise]) => promise)
    expect(promises.length).toBeGreaterThan(0)
    for (const promise of new Set(promises)) {
      expect(sections.find(({ title }) => title === promise)?.text, promise).toContain(
        `../test/attack/${name})`,
      )
    }
  })
})
