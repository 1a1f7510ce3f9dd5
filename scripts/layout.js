// An asc transform: once the core is compiled, it writes src/engine/wasm/layout.generated.ts from the program, so that
// what TypeScript knows about the kernels is what was compiled: everything assembly/layout.ts exports, and the
// signatures of assembly/exports.ts.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { ClassPrototype, Enum, FunctionPrototype, Global, PropertyPrototype, Type } from 'assemblyscript'
import binaryen from 'assemblyscript/binaryen'
import { Transform } from 'assemblyscript/transform'

/** @import { Class, DeclaredElement, EnumValue, Program } from 'assemblyscript' */
/** @typedef {{ name: string, offset: number, view: string, type: string, bytes: number }} Field */

/** For each kind of type: the view it is written through, its type in TypeScript, and its size in bytes. */
const types = new Map([
  [Type.bool.kind, { view: 'u8', type: 'boolean', bytes: 1 }],
  [Type.i32.kind, { view: 'u32', type: 'number', bytes: 4 }],
  [Type.u32.kind, { view: 'u32', type: 'number', bytes: 4 }],
  [Type.usize32.kind, { view: 'u32', type: 'number', bytes: 4 }],
  [Type.f64.kind, { view: 'f64', type: 'number', bytes: 8 }],
])

/** @param {Type} type @param {string} where */
function typeOf(type, where) {
  const known = types.get(type.kind)
  if (known === undefined) throw new Error(`${where}: scripts/layout.js knows nothing of ${type.toString()}`)
  return known
}

/** @param {string} name */
function lowerFirst(name) {
  return name[0].toLowerCase() + name.slice(1)
}

/**
 * The value of a global that is a constant. It must be used, or else the module does not contain it.
 *
 * @param {Global} element @param {binaryen.Module} module
 */
function constant({ internalName }, module) {
  const global = module.getGlobal(internalName)
  const init = global && binaryen.getExpressionInfo(binaryen.getGlobalInfo(global).init)
  if (!init || !('value' in init) || typeof init.value !== 'number') {
    throw new Error(`${internalName}: expected a number that is used`)
  }
  return init.value
}

/**
 * Describes an enumeration, whose numbers must be 0, 1, 2 …
 *
 * @param {string} name @param {Enum} element
 */
function describeEnum(name, { members }) {
  const values = /** @type {EnumValue[]} */ ([...(members?.values() ?? [])])
  const given = values.find(({ valueNode }) => valueNode !== null)
  if (given !== undefined) throw new Error(`${given.internalName}: expected the number of its place`)
  const names = values.map((value) => `'${value.name}'`)
  return `
export const ${lowerFirst(name)}Order = [${names.join(', ')}] as const
export const ${lowerFirst(name)}Count = ${names.length}
export enum ${name} {
${values.map((value) => `  ${value.name},\n`).join('')}}
`
}

/** The fields of a class, without the ones it inherits. @param {Class} instance @returns {Field[]} */
function fieldsOf({ name: className, base, prototype, members }) {
  let end = base?.nextMemoryOffset ?? 0
  const fields = []
  for (const name of prototype.instanceMembers?.keys() ?? []) {
    const where = `${className}.${name}`
    const member = members?.get(name)
    const property = member instanceof PropertyPrototype && member.isField ? member.instance : null
    if (property === null) throw new Error(`${where}: expected a field`)
    const { memoryOffset: offset } = property
    if (offset !== end) throw new Error(`${where}: expected at ${end}, after padding, got ${offset}`)
    const { view, type, bytes } = typeOf(property.type, where)
    end += bytes
    if (name !== 'padding') fields.push({ name, offset, view, type, bytes })
  }
  return fields
}

/** Groups adjacent fields that are written through the same view. @param {readonly Field[]} fields */
function runsOf(fields) {
  /** @type {Field[][]} */
  const runs = []
  for (const [i, field] of fields.entries()) {
    if (i > 0 && field.view === fields[i - 1].view) runs[runs.length - 1].push(field)
    else runs.push([field])
  }
  return runs
}

/**
 * Describes a class: the function that writes its fields, its size in bytes and, if all its fields are f64, where they
 * are in a Float64Array.
 *
 * @param {string} name @param {Class} instance
 */
function describeClass(name, instance) {
  const fields = fieldsOf(instance)
  const isNumbers = fields.every(({ view }) => view === 'f64') && instance.base === null
  const places = fields.map((field, i) => `${field.name}: ${i}`)
  const writes = runsOf(fields).map((run) => {
    const [{ view, offset, bytes }] = run
    const index = [bytes === 1 ? 'at' : `at / ${bytes}`, ...(offset === 0 ? [] : [offset / bytes])].join(
      ' + ',
    )
    const values = run.map(({ name, type }) => `fields.${name}${type === 'boolean' ? ' ? 1 : 0' : ''}`)
    return `  put(memory.${view}, ${index}, ${values.join(', ')})\n`
  })
  return `
export const ${lowerFirst(name)}Bytes = ${instance.nextMemoryOffset}
${isNumbers ? `export const ${lowerFirst(name)}At = { ${places.join(', ')} } as const\n` : ''}
export interface ${name}Fields {
${fields.map(({ name, type }) => `  readonly ${name}: ${type}\n`).join('')}}

export function write${name}(memory: RecordViews, at: number, fields: ${name}Fields): void {
${writes.join('')}}
`
}

/**
 * Describes an export of assembly/layout.ts in TypeScript.
 *
 * @param {string} name
 * @param {DeclaredElement} element
 * @param {binaryen.Module} module
 * @param {number} most the most bytes a class may have
 */
function describe(name, element, module, most) {
  if (element instanceof Global) return `\nexport const ${name} = ${constant(element, module)}\n`
  if (element instanceof Enum) return describeEnum(name, element)
  const instance = element instanceof ClassPrototype && element.program.resolver.resolveClass(element, null)
  if (!instance)
    throw new Error(`assembly/layout.ts: expected constants, enumerations and classes, got ${name}`)
  const { nextMemoryOffset: bytes } = instance
  if (bytes > most) throw new Error(`${name}: expected at most the ${most} bytes of a record, got ${bytes}`)
  return describeClass(name, instance)
}

/** @param {FunctionPrototype} prototype */
function signatureOf({ internalName, functionTypeNode, instances }) {
  const [instance] = instances?.values() ?? []
  const { parameterTypes, returnType } = instance.signature
  const parameters = functionTypeNode.parameters.map(({ name: { text } }, i) => {
    return `    ${text}: ${typeOf(parameterTypes[i], `${internalName}, ${text}`).type},\n`
  })
  // A boolean is returned as 0 or 1.
  return `(\n${parameters.join('')}  ): ${returnType.toString() === 'void' ? 'void' : 'number'}`
}

/** @param {Map<string, DeclaredElement>} exports */
function describeKernels(exports) {
  const kernels = /** @type {Map<string, Map<string, string>>} */ (new Map())
  for (const [name, element] of exports) {
    const match = /^(\w+)_(f32|f64)$/.exec(name)
    if (!(element instanceof FunctionPrototype) || match === null) {
      throw new Error(`assembly/exports.ts: expected functions for f32 and for f64, got ${name}`)
    }
    const [, kernel, precision] = match
    const signatures = kernels.get(kernel) ?? /** @type {Map<string, string>} */ (new Map())
    signatures.set(precision, signatureOf(element))
    kernels.set(kernel, signatures)
  }
  const rows = [...kernels].map(([name, signatures]) => {
    const [f32, f64] = [signatures.get('f32'), signatures.get('f64')]
    if (f32 === undefined || f32 !== f64) {
      throw new Error(
        `assembly/exports.ts: expected ${name} to be one for f32 and f64, got ${f32} and ${f64}`,
      )
    }
    return `  ${name}${f32}\n`
  })
  return `
/** What assembly/exports.ts exports, each for f32 and for f64. */
export interface Kernels {
${rows.join('')}}
`
}

/** The exports of a file of the program. @param {Program} program @param {string} path */
function exportsOf(program, path) {
  const exports = program.filesByName.get(path)?.exports
  if (!exports) throw new Error(`${path}.ts: expected exports`)
  return exports
}

export default class Layout extends Transform {
  /** @this {Layout & { program: Program }} @param {binaryen.Module} module */
  afterCompile(module) {
    const { program } = this
    const exported = [...exportsOf(program, 'assembly/layout')]
    const [, record] = exported.find(([name]) => name === 'RECORD_BYTES') ?? []
    if (!(record instanceof Global)) throw new Error('assembly/layout.ts: expected RECORD_BYTES')
    const most = constant(record, module)
    const parts = exported.map(([name, element]) => describe(name, element, module, most))
    const code = [...parts, describeKernels(exportsOf(program, 'assembly/exports'))].join('')
    const hash = createHash('sha256').update(code).digest('hex').slice(0, 8)
    const head = `// Written by scripts/layout.js from assembly/.

/** A section of the cores that have this layout, by which setCore recognises those of another version. */
export const LAYOUT = 'layout_${hash}'

/** Views of one memory, through which records are written. */
export interface RecordViews {
  readonly u8: Uint8Array
  readonly u32: Uint32Array
  readonly f64: Float64Array
}

/** By a loop: through view.set, which takes an array, an optimiser took ten times as long (0.3 µs, measured). */
function put(view: Uint8Array | Uint32Array | Float64Array, at: number, ...values: readonly number[]): void {
  for (let i = 0; i < values.length; ++i) view[at + i] = values[i]
}
`
    writeFileSync('src/engine/wasm/layout.generated.ts', head + code)
  }
}
