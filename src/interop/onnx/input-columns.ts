import { rangeError } from '../../base/argument-error.js'
import { showName } from '../../base/check.js'
import type { Unknown } from '../../model/column.js'
import type { ForeignInput } from '../assemble.js'
import { columnsBy, composed, entry, widthOf, type Columns } from '../layer-chain.js'

/** Columns side by side, of one input of a graph. */
interface Part {
  readonly input: string
  /** whether the name of the input says something: not that of the only one */
  readonly isNamed: boolean
  /** sizes of the input behind the samples; 0 for one that is not fixed */
  readonly sizes: readonly number[]
  /** the numbers of its columns; undefined: all of them */
  readonly picked: readonly number[] | undefined
  /** columns; 0 while that is not known */
  readonly width: number
  readonly isText: boolean
  /** the texts of its one column, which is one-hot then */
  readonly categories: readonly string[] | undefined
  readonly scaling: Columns | undefined
}

/** The inputs of a graph, as far as they are, before a layer has computed anything. */
export class InputColumns {
  readonly kind = 'inputs'
  readonly #parts: readonly Part[]
  readonly #unknown: Unknown

  private constructor(parts: readonly Part[], unknown: Unknown = 'error') {
    this.#parts = parts
    this.#unknown = unknown
  }

  /** @param sizes those behind the samples; none if they are not known */
  static of(input: string, sizes: readonly number[], isText: boolean, isOnly: boolean): InputColumns {
    const width = sizes.at(-1) ?? 0
    const part = { input, isNamed: !isOnly, sizes, width, isText }
    return new InputColumns([{ ...part, picked: undefined, categories: undefined, scaling: undefined }])
  }

  /** @throws RangeError unless the width of each is known, and none is there twice */
  static joined(where: string, all: readonly InputColumns[]): InputColumns {
    const parts = all.flatMap((columns) => columns.#parts)
    if (parts.some(({ width }) => width === 0)) throw rangeError(where, 'inputs of known sizes', 'another')
    /** the columns of each input so far; undefined: all of them */
    const seen = new Map<string, Set<number> | undefined>()
    for (const { input, picked } of parts) {
      const before = seen.get(input)
      const isTwice =
        before === undefined || picked === undefined ? seen.has(input) : picked.some((k) => before.has(k))
      if (isTwice) throw rangeError(where, 'each column once', `one of ${showName(input)} twice`)
      seen.set(input, picked && new Set([...(before ?? []), ...picked]))
    }
    const unknown = all.some((columns) => columns.#unknown === 'zeros') ? 'zeros' : 'error'
    return new InputColumns(parts, unknown)
  }

  /** How many numbers they keep: each part, what scales it, and what was picked of it. */
  get kept(): number {
    return this.#parts.reduce((sum, { scaling, picked }) => {
      return sum + 1 + (scaling === undefined ? 0 : widthOf(scaling)) + (picked?.length ?? 0)
    }, 0)
  }

  get width(): number {
    return this.#parts.reduce((sum, { width }) => sum + width, 0)
  }

  /** Those behind the samples. */
  get sizes(): readonly number[] {
    const [{ sizes }] = this.#parts
    return this.#parts.length === 1 && sizes.length > 1 ? sizes : [this.width]
  }

  /** Whether they are all columns of these inputs, as they come. */
  isWhole(inputs: readonly string[]): boolean {
    if (inputs.length !== this.#parts.length) return false
    return this.#parts.every(({ input, picked }, i) => picked === undefined && input === inputs[i])
  }

  /** What makes one row of all numbers of a sample. */
  flattened(): InputColumns {
    if (this.#parts.every(({ sizes }) => sizes.length <= 1)) return this
    return this.#changed((part) => {
      if (part.picked !== undefined || part.categories !== undefined) return part
      return {
        ...part,
        width: part.sizes.reduce((product, size) => product * size, part.sizes.length > 0 ? 1 : 0),
      }
    })
  }

  /** One number a sample as a row of one. @throws RangeError unless it is that */
  asColumn(where: string): InputColumns {
    const [part] = this.#parts
    if (this.#parts.length !== 1 || part.width !== 0) throw rangeError(where, 'one number a sample', 'more')
    return this.#changed((single) => ({ ...single, sizes: [1], width: 1 }))
  }

  /** @throws RangeError unless it has these columns, as numbers */
  ofWidth(where: string, width: number): InputColumns {
    const [only] = this.#parts
    const columns =
      this.#parts.length === 1 && only.width === 0
        ? new InputColumns([{ ...only, width }], this.#unknown)
        : this
    const text = columns.#parts.find(({ isText, categories }) => isText && categories === undefined)
    if (text !== undefined) throw rangeError(where, 'numbers', `texts of ${showName(text.input)}`)
    if (columns.width !== width) throw rangeError(where, `${columns.width} inputs, as the graph has`, width)
    return columns
  }

  /** (v − offset)·factor + shift */
  scaled(where: string, columns: Columns): InputColumns {
    const length = widthOf(columns)
    const known = length > 1 ? this.ofWidth(where, length) : this
    const isSplit = length > 1 && known.#parts.length > 1
    let first = 0
    return known.#changed((part) => {
      if (part.isText && part.categories === undefined) throw rangeError(where, 'numbers to scale', 'texts')
      const own = isSplit ? sliced(columns, first, part.width) : columns
      first += part.width
      return { ...part, scaling: composed(part.scaling, own) }
    })
  }

  /** @throws RangeError unless it is one column, of texts */
  oneHot(where: string, categories: readonly string[], isZeros: boolean): InputColumns {
    const [part] = this.#parts
    if (this.#parts.length !== 1 || part.width !== 1 || !part.isText) {
      throw rangeError(where, 'one input of texts', 'another')
    }
    if (categories.length === 0) throw rangeError(where, 'texts to be one-hot, cats_strings', 'none')
    return new InputColumns([{ ...part, width: categories.length, categories }], isZeros ? 'zeros' : 'error')
  }

  /** Some of the columns of one input. */
  picked(where: string, indices: ArrayLike<number>): InputColumns {
    const [part] = this.#parts
    const isPlain = part.picked === undefined && part.categories === undefined && part.scaling === undefined
    if (this.#parts.length !== 1 || !isPlain)
      throw rangeError(where, 'some of the columns of one input', 'of something else')
    const numbers = Array.from(indices)
    const wrong = numbers.find((k) => !Number.isInteger(k) || k < 0 || (part.width > 0 && k >= part.width))
    if (wrong !== undefined) throw rangeError(where, `a column from 0 to ${part.width - 1}`, wrong)
    if (new Set(numbers).size < numbers.length)
      throw rangeError(where, 'each column once', 'one of them twice')
    return new InputColumns([{ ...part, picked: numbers, width: numbers.length }], this.#unknown)
  }

  /** What scales them all, before the first layer; undefined if nothing does. */
  scaling(): Columns | undefined {
    if (this.#parts.every(({ scaling }) => scaling === undefined)) return undefined
    const all = { offset: [] as number[], factor: [] as number[], shift: [] as number[] }
    for (const { width, scaling = columnsBy({}) } of this.#parts) {
      for (let k = 0; k < width; ++k) {
        all.offset.push(entry(scaling.offset, k))
        all.factor.push(entry(scaling.factor, k))
        all.shift.push(entry(scaling.shift, k))
      }
    }
    return all
  }

  /** Whether they have neither names that say something nor categories. */
  get isPlain(): boolean {
    return this.#parts.every(({ isNamed, categories, picked }) => {
      return !isNamed && categories === undefined && picked === undefined
    })
  }

  /** Their names and categories. To be called when their widths are those of a layer. */
  described(): { readonly columns: readonly ForeignInput[]; readonly unknown: Unknown } {
    const columns = this.#parts.flatMap((part): ForeignInput[] => {
      const { categories, width, picked } = part
      if (categories !== undefined) return [{ name: nameOf(part, picked?.[0] ?? 0), categories }]
      return Array.from({ length: width }, (_, k) => ({ name: nameOf(part, picked?.[k] ?? k) }))
    })
    return { columns, unknown: this.#unknown }
  }

  #changed(change: (part: Part) => Part): InputColumns {
    return new InputColumns(this.#parts.map(change), this.#unknown)
  }
}

/** The name of the k-th column of an input. */
function nameOf({ input, isNamed, sizes }: Part, k: number): string {
  if (sizes.at(-1) === 1) return input
  return isNamed ? `${input}${k}` : `x${k}`
}

function sliced({ offset, factor, shift }: Columns, first: number, width: number): Columns {
  const part = (values: ArrayLike<number>): ArrayLike<number> => {
    return values.length === 1 ? values : Array.from(values).slice(first, first + width)
  }
  return { offset: part(offset), factor: part(factor), shift: part(shift) }
}
