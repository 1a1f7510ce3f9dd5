/** Damage to files, as fast-check arbitraries: of bytes, and of JSON by its structure. */
import fc, { type Arbitrary } from './fast-check.js'

/** JSON that is still a text where it matters: numbers that no double holds, keys that come twice, leaves that are no JSON. */
type Tree = string | { readonly items: Tree[] } | { readonly entries: [key: string, value: Tree][] }

/** What a file is made to say instead. */
const hostileTexts: readonly string[] = [
  ...['null', 'true', 'false', 'undefined', '', '""', '[]', '{}', '[[]]', '[null]', '[0, 4]', '[4, 0]'],
  ...['NaN', 'Infinity', '1e999', '-1e999', '1e-999', '-0', '0', '1', '2', '0.5', '-1', '-0.5', '1e39', '00'],
  ...[
    '2147483647',
    '2147483648',
    '4294967296',
    '9007199254740991',
    '9007199254740993',
    '18446744073709551615',
  ],
  ...[
    '"NaN"',
    '"Infinity"',
    '"-0"',
    '"1"',
    '"F16"',
    '"F32"',
    '"F64"',
    '"f64"',
    '"sgd"',
    '"softmax"',
    '"linear"',
  ],
  ...['"__proto__"', '"constructor"', '"toString"', '"valueOf"', '"\\u0000"', '"\\ud800"', '"é😀"'],
  ...['{"__proto__": {"polluted": true}}', '{"constructor": {"prototype": {"polluted": true}}}'],
  ...['{"length": 1000000000}', '{"length": -1, "0": 1}', '{"type": "elu", "alpha": 1e999}'],
  ...['{"type": "toString"}', '{"type": "sgd", "momentum": 0.9}', '{"toString": null, "valueOf": null}'],
  ...[`${'['.repeat(20_000)}${']'.repeat(20_000)}`, `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
  ...[`"${'x'.repeat(20_000)}"`, `[${'0,'.repeat(20_000)}0]`, '9'.repeat(400)],
]

const hostileKeys = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '', '0', 'x'.repeat(20_000), '\n'],
  ...[
    'layers',
    'units',
    'dtype',
    'shape',
    'data_offsets',
    'optimizer',
    'optimizer.0',
    'gradients',
    'weights',
  ],
]

/** Files that come from these bytes by some changes: bits turned over, bytes set, cut out, put in, repeated. */
export function mutatedBytes(bytes: Uint8Array): Arbitrary<Uint8Array<ArrayBuffer>> {
  const at = fc.nat(bytes.length)
  const length = fc.oneof(fc.integer({ min: 1, max: 16 }), fc.nat(bytes.length))
  const change = fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), at, bit: fc.nat(7) }),
    fc.record({
      kind: fc.constant('set' as const),
      at,
      values: fc.uint8Array({ minLength: 1, maxLength: 8 }),
    }),
    fc.record({ kind: fc.constant('insert' as const), at, values: fc.uint8Array({ maxLength: 16 }) }),
    fc.record({ kind: fc.constant('cut' as const), at, length }),
    fc.record({ kind: fc.constant('repeat' as const), at, length }),
  )
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const result = Array.from(bytes)
    for (const one of changes) {
      switch (one.kind) {
        case 'flip':
          if (one.at < result.length) result[one.at] ^= 1 << one.bit
          break
        case 'set':
          result.splice(one.at, one.values.length, ...one.values)
          break
        case 'insert':
          result.splice(one.at, 0, ...one.values)
          break
        case 'cut':
          result.splice(one.at, one.length)
          break
        case 'repeat':
          result.splice(one.at, 0, ...result.slice(one.at, one.at + one.length))
      }
    }
    return Uint8Array.from(result)
  })
}

/**
 * Texts that come from this JSON by some changes of its structure: a value replaced by a hostile one or by another of its own, left
 * out, repeated, put into an array; a key renamed, or there twice. Most are valid JSON.
 */
export function mutatedJSON(json: unknown): Arbitrary<string> {
  const change = fc.record({
    kind: fc.constantFrom('replace', 'copy', 'remove', 'repeat', 'wrap', 'rename', 'twice'),
    at: fc.nat(),
    from: fc.nat(),
    text: fc.constantFrom(...hostileTexts),
    key: fc.constantFrom(...hostileKeys),
  })
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const root = { items: [treeOf(json)] }
    for (const { kind, at, from, text, key } of changes) {
      const places = placesIn(root)
      const { parent, index } = places[at % places.length]
      const other = places[from % places.length]
      const list = 'items' in parent ? parent.items : parent.entries
      const value = valueAt(parent, index)
      if (kind === 'replace') setValue(parent, index, text)
      else if (kind === 'copy') setValue(parent, index, structuredClone(valueAt(other.parent, other.index)))
      else if (kind === 'wrap') setValue(parent, index, { items: [value] })
      else if (parent === root) continue
      else if (kind === 'remove') list.splice(index, 1)
      else if ('items' in parent) parent.items.splice(index, 0, structuredClone(value))
      else if (kind === 'rename') parent.entries[index][0] = key
      else parent.entries.push([kind === 'twice' ? parent.entries[index][0] : key, text])
    }
    return textOf(root.items[0])
  })
}

type Parent = Exclude<Tree, string>

function treeOf(json: unknown): Tree {
  if (Array.isArray(json)) return { items: json.map(treeOf) }
  if (typeof json !== 'object' || json === null) return JSON.stringify(json)
  return { entries: Object.entries(json).map(([key, value]) => [key, treeOf(value)]) }
}

function textOf(tree: Tree): string {
  if (typeof tree === 'string') return tree
  if ('items' in tree) return `[${tree.items.map(textOf).join()}]`
  return `{${tree.entries.map(([key, value]) => `${JSON.stringify(key)}:${textOf(value)}`).join()}}`
}

/** Every value of a tree, by what holds it. */
function placesIn(parent: Parent): { parent: Parent; index: number }[] {
  const values = 'items' in parent ? parent.items : parent.entries.map(([, value]) => value)
  return values.flatMap((value, index) => [
    { parent, index },
    ...(typeof value === 'string' ? [] : placesIn(value)),
  ])
}

function valueAt(parent: Parent, index: number): Tree {
  return 'items' in parent ? parent.items[index] : parent.entries[index][1]
}

function setValue(parent: Parent, index: number, value: Tree): void {
  if ('items' in parent) parent.items[index] = value
  else parent.entries[index][1] = value
}
