/** Checks that parts belong together, and that none is missing. */
import { rangeError } from '../../base/argument-error.js'
import { NamedError } from '../../node/files.js'
import { sharesOf } from '../../selection/parts.js'
import { showFile } from '../files.js'
import { count } from '../format-numbers.js'
import type { AnyPart } from './part-file.js'

/** A part, and the file that it was read from. */
export interface FoundPart<Part extends AnyPart = AnyPart> {
  readonly path: string
  readonly part: Part
}

/** The most numbers of parts that a message lists. */
const LISTED = 20

/**
 * Checks that all are parts of the same work, and no two the same part.
 *
 * @returns them in the order of their numbers
 * @throws NamedError that names the file
 */
export function checkAlike<Part extends AnyPart>(found: readonly FoundPart<Part>[]): FoundPart<Part>[] {
  const [first, ...others] = found
  for (const each of others) checkSame(first, each)
  const files = new Map<number, string>()
  for (const { path, part } of found) {
    const file = files.get(part.part)
    if (file !== undefined) {
      throw inFile(path, `another part than ${file}`, `part ${part.part} of ${part.of}, too`)
    }
    files.set(part.part, showFile(path))
  }
  return [...found].sort((one, other) => one.part.part - other.part.part)
}

function checkSame(first: FoundPart, { path, part }: FoundPart): void {
  const file = showFile(first.path)
  const { command, of, options, data } = first.part
  if (part.command !== command)
    throw inFile(path, `a part of a ${command} as ${file}`, `one of a ${part.command}`)
  if (part.of !== of) throw inFile(path, `one of ${of} parts as ${file}`, `one of ${part.of}`)
  if (part.data.digest !== data.digest) {
    throw inFile(
      path,
      `a part of the data of ${file}, ${describe(data)}`,
      `one of others, ${describe(part.data)}`,
    )
  }
  const [theirs, ours] = [without(options, part.options), without(part.options, options)]
  if (theirs.length === 0 && ours.length === 0) return
  const shown = (some: readonly string[]): string => (some.length === 0 ? 'none of these' : some.join(' '))
  throw inFile(path, `the options of ${file}, with ${shown(theirs)}`, shown(ours))
}

function without(options: readonly string[], others: readonly string[]): string[] {
  return options.filter((option) => !others.includes(option))
}

function describe({ rows, digest }: AnyPart['data']): string {
  return `${count(rows)} rows with digest ${digest}`
}

/**
 * Checks that a part has the results of all its trials or folds, in order, and no others.
 *
 * @param what they are
 * @param done their numbers, from 0
 * @param total of the whole work
 * @throws NamedError that names the file
 */
export function checkShares(
  { path, part }: FoundPart,
  what: string,
  done: readonly number[],
  total: number,
): void {
  const shares = sharesOf({ index: part.part, of: part.of }, total)
  if (shares.length === done.length && shares.every((share, i) => share === done[i])) return
  const wrong = shares.findIndex((share, i) => share !== done[i])
  const got = `${count(done.length)} of them`
  throw inFile(
    path,
    `the ${what} of part ${part.part} of ${part.of}, ${count(shares.length)}`,
    wrong < 0 || done.length !== shares.length ? got : 'others',
  )
}

/**
 * The numbers of the parts that are missing.
 *
 * @param found in the order of their numbers
 * @throws RangeError for missing ones unless `isPartial`
 */
export function missingParts(found: readonly FoundPart[], isPartial: boolean): number[] {
  const [{ part }] = found
  const there = new Set(found.map((each) => each.part.part))
  const missing = Array.from({ length: part.of }, (_, i) => i).filter((i) => !there.has(i))
  if (isPartial || missing.length === 0) return missing
  throw rangeError('parts', `all ${part.of}, from 0 to ${part.of - 1}`, `none of ${listParts(missing)}`, {
    hint: '--partial does without',
  })
}

/** `1, 5, 6` */
export function listParts(parts: readonly number[]): string {
  const more = parts.length - LISTED
  return [...parts.slice(0, LISTED), ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

function inFile(path: string, expected: string, got: string): NamedError {
  return new NamedError(showFile(path), rangeError({}, expected, got))
}
