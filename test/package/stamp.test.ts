/** The core is compiled anew whenever something has changed that decides what it is. */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isCurrent, stamp } from '../../scripts/stamp.js'

let folder: string
const file = (name: string): string => join(folder, name)
const making = () => ({
  inputs: [file('in'), file('config')],
  outputs: [file('one'), file('other')],
  stamp: file('stamp'),
})

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stamp-'))
  mkdirSync(file('in/deep'), { recursive: true })
  for (const name of ['in/a', 'in/deep/b', 'config', 'one', 'other']) writeFileSync(file(name), name)
  stamp(making())
})
afterEach(() => rmSync(folder, { recursive: true }))

it('nothing has changed', () => {
  expect(isCurrent(making())).toBe(true)
})

it.each(['in/a', 'in/deep/b', 'config', 'one', 'other', 'stamp'])('%s has changed', (name) => {
  appendFileSync(file(name), ' ')
  expect(isCurrent(making())).toBe(false)
})

it.each(['in', 'in/deep', 'config', 'one', 'other', 'stamp'])('%s has gone', (name) => {
  rmSync(file(name), { recursive: true })
  expect(isCurrent(making())).toBe(false)
})

it('a file is new', () => {
  writeFileSync(file('in/deep/c'), '')
  expect(isCurrent(making())).toBe(false)
})
