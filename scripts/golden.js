// @ts-check
/**
 * Compares the output of the sources with the outcomes committed in test/fixtures: `npm run golden`. It fails if they
 * differ.
 *
 *     npm run golden -- --write core.json     writes this file; name further files to write those too
 *
 * test/fixtures/README.md says when that is right.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { importBundled } from './import-bundled.js'

/** @typedef {typeof import('../test/support/outcomes.js')} Outcomes */

/**
 * Old and new, one line for each value that has changed.
 *
 * @param {unknown} before
 * @param {unknown} now
 * @returns {string[]}
 */
function changes(before, now, name = '') {
  const [old, found] = [members(before), members(now)]
  if (old === undefined || found === undefined) {
    return before === now ? [] : [`${name}: ${text(before)} → ${text(now)}`]
  }
  const keys = new Set([...Object.keys(old), ...Object.keys(found)])
  return Array.from(keys).flatMap((key) =>
    changes(old[key], found[key], name === '' ? key : `${name}, ${key}`),
  )
}

/** @param {unknown} value */
function text(value) {
  return value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value)
}

/**
 * The members of an object or a list; the items of a list are keys, so they are either there or not.
 *
 * @param {unknown} value
 * @returns {Record<string, unknown> | undefined}
 */
function members(value) {
  if (Array.isArray(value)) return Object.fromEntries(value.map((each) => [String(each), 'there']))
  return typeof value === 'object' && value !== null ? { ...value } : undefined
}

const { values, positionals } = parseArgs({
  options: { write: { type: 'string', multiple: true, default: [] } },
  allowPositionals: true,
})
const chosen = [...values.write, ...positionals]
const { committed, outcomes } = /** @type {Outcomes} */ (await importBundled('test/support/outcomes.ts'))
const files = /** @type {(keyof typeof outcomes)[]} */ (Object.keys(outcomes))
const unknown = chosen.find((file) => !files.some((each) => each === file))
if (unknown !== undefined || (positionals.length > 0 && values.write.length === 0)) {
  throw new Error(`expected --write and some of ${files.join(', ')}, got ${chosen.join(' ')}`)
}
for (const file of files) {
  const found = await outcomes[file]()
  const lines = changes(committed(file), found)
  const isWritten = lines.length > 0 && chosen.includes(file)
  if (isWritten) writeFileSync(`test/fixtures/${file}`, `${JSON.stringify(found, null, 2)}\n`)
  else if (lines.length > 0) process.exitCode = 1
  console.log(`${file}: ${lines.length === 0 ? 'as committed' : isWritten ? 'written' : 'differs'}`)
  for (const line of lines) console.log(`  ${line}`)
}
