import { rangeError } from '../../base/argument-error.js'
import { showName } from '../../base/check.js'
import type { Module } from './modules.js'

/** Modules that the search for the order by sizes looks at. */
const MAX_STEPS = 1_000_000

/**
 * The modules in the order in which they come: as `order` says; otherwise such that each has as many inputs as the one
 * before has units, and those whose names differ by numbers alone are in the order of these. A file has them in another.
 *
 * @throws RangeError if there is none, or more than one
 */
export function inOrder(modules: readonly Module[], order: readonly string[] | undefined): Module[] {
  if (order !== undefined) return ordered(modules, order)
  const byNumber = [...modules].sort((one, other) => compare(one.name, other.name))
  if (areNumbered(byNumber) && areFitting(byNumber)) return byNumber
  const [path, beside] = apart(byNumber)
  const [along, isOnly] = search(path)
  const found = along?.flatMap((module) => [module, ...(beside.get(module) ?? [])])
  if (found === undefined) {
    const sizes = byNumber.map(({ name, inputs, units }) => `${showName(name)} ${inputs} → ${units}`)
    const hint = 'the modules of one path, each as wide as the one before'
    throw rangeError('bytes', 'layers that fit behind each other', sizes.slice(0, 8).join(', '), { hint })
  }
  if (isOnly) return found
  const names = found.map(({ name }) => `'${name}'`).join(', ')
  throw rangeError(
    'order',
    'the names of the modules in their order, since their sizes fit in several',
    'none',
    {
      hint: `such as { order: [${names}] }`,
    },
  )
}

function ordered(modules: readonly Module[], order: readonly string[]): Module[] {
  const byName = new Map(modules.map((module) => [module.name, module]))
  const missing = modules.find(({ name }) => !order.includes(name))
  if (missing !== undefined) throw rangeError('order', `all modules, ${showName(missing.name)} too`)
  return order.map((name, i) => {
    const module = byName.get(name)
    if (module === undefined)
      throw rangeError(`order[${i}]`, `one of ${[...byName.keys()].map(showName).join(', ')}`, showName(name))
    return module
  })
}

/** Whether all names differ by numbers alone. */
function areNumbered(modules: readonly Module[]): boolean {
  return modules.every(({ name }) => patternOf(name) === patternOf(modules[0].name))
}

function areFitting(modules: readonly Module[]): boolean {
  return modules.every(({ inputs }, i) => i === 0 || inputs === modules[i - 1].units)
}

/** The modules whose order is searched; and batch normalisation that has the number of a layer, by that layer. */
function apart(modules: readonly Module[]): readonly [Module[], ReadonlyMap<Module, Module[]>] {
  const layers = new Map<string, Module[]>()
  for (const module of modules) {
    if (module.kind !== 'linear') continue
    const alike = layers.get(numbersIn(module))
    if (alike === undefined) layers.set(numbersIn(module), [module])
    else alike.push(module)
  }
  const beside = new Map<Module, Module[]>()
  const path = modules.filter((norm) => {
    const own = norm.kind === 'norm' && numbersIn(norm) !== '' ? (layers.get(numbersIn(norm)) ?? []) : []
    if (own.length !== 1 || own[0].units !== norm.units) return true
    beside.set(own[0], [...(beside.get(own[0]) ?? []), norm])
    return false
  })
  return [path, beside]
}

function numbersIn({ name }: Module): string {
  return (name.match(/\d+/g) ?? []).join('.')
}

/** `net.#.linear` */
function patternOf(name: string): string {
  return name.replace(/\d+/g, '#')
}

/** As texts, but numbers in them by their values. */
function compare(one: string, other: string): number {
  const [a, b] = [one, other].map((name) => name.split(/(\d+)/))
  for (let i = 0; i < Math.min(a.length, b.length); ++i) {
    if (a[i] === b[i]) continue
    return i % 2 === 1 ? Number(a[i]) - Number(b[i]) : a[i] < b[i] ? -1 : 1
  }
  return a.length - b.length
}

/** The first order in which all fit, those of one pattern as they are; and whether there is no other. */
function search(modules: readonly Module[]): readonly [Module[] | undefined, boolean] {
  const patterns = modules.map(({ name }) => patternOf(name))
  const used = modules.map(() => false)
  const path: number[] = []
  let found: Module[] | undefined
  let count = 0
  let steps = 0
  const visit = (): void => {
    if (path.length === modules.length) {
      found ??= path.map((i) => modules[i])
      ++count
      return
    }
    const width = path.length === 0 ? undefined : modules[path[path.length - 1]].units
    const seen = new Set<string>()
    for (let i = 0; i < modules.length && count < 2 && steps < MAX_STEPS; ++i) {
      ++steps
      // Of each pattern only the first that is left may be next.
      if (used[i] || seen.size === seen.add(patterns[i]).size) continue
      if (width !== undefined && modules[i].inputs !== width) continue
      used[i] = true
      path.push(i)
      visit()
      path.pop()
      used[i] = false
    }
  }
  visit()
  return [found, count === 1 && steps < MAX_STEPS]
}
