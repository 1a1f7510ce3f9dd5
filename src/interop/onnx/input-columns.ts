import { rangeError } from '../../base/argument-error.js'
import { showName } from '../../base/check.js'
import type { Unknown } from '../../model/column.js'
import type { ForeignInput } from '../assemble.js'
import { columnsBy, composed, entry, widthOf, type Columns } from '../layer-chain.js'

/** Inputs side by side, of one tensor. */
interface Part {
  /** of its columns; undefined if they have none */
  readonly names: readonly string[] | undefined
  /** 0 while it is not known */
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

  /**
   * @param width 0 if it is not known
   * @param isOnly whether it is the only input: its name says nothing then
   */
  static of(name: string, width: number, isText: boolean, isOnly: boolean): InputColumns {
    const names = isOnly
      ? undefined
      : width === 1
        ? [name]
        : Array.from({ length: width }, (_, k) => `${name}${k}`)
    return new InputColumns([{ names, width, isText, categories: undefined, scaling: undefined }])
  }

  /** @throws RangeError unless the width of each is known */
  static joined(where: string, all: readonly InputColumns[]): InputColumns {
    const parts = all.flatMap((columns) => columns.#parts)
    if (parts.some(({ width }) => width === 0)) throw rangeError(where, 'inputs of known sizes', 'another')
    const unknown = all.some((columns) => columns.#unknown === 'zeros') ? 'zeros' : 'error'
    return new InputColumns(parts, unknown)
  }

  get width(): number {
    return this.#parts.reduce((sum, { width }) => sum + width, 0)
  }

  /** @throws RangeError unless it has these columns, as numbers */
  ofWidth(where: string, width: number): InputColumns {
    const [only] = this.#parts
    const parts = this.#parts.length === 1 && only.width === 0 ? [{ ...only, width }] : this.#parts
    const columns = new InputColumns(parts, this.#unknown)
    const text = parts.find(({ isText, categories }) => isText && categories === undefined)
    if (text !== undefined)
      throw rangeError(where, 'numbers', `texts ${(text.names ?? []).map(showName).join(', ')}`)
    if (columns.width !== width) throw rangeError(where, `${columns.width} inputs, as the graph has`, width)
    return columns
  }

  /** (v − offset)·factor + shift */
  scaled(where: string, columns: Columns): InputColumns {
    const length = widthOf(columns)
    const known = length > 1 ? this.ofWidth(where, length) : this
    let first = 0
    const parts = known.#parts.map((part) => {
      if (part.isText && part.categories === undefined) throw rangeError(where, 'numbers to scale', 'texts')
      const own = length > 1 && known.#parts.length > 1 ? sliced(columns, first, part.width) : columns
      first += part.width
      return { ...part, scaling: composed(part.scaling, own) }
    })
    return new InputColumns(parts, this.#unknown)
  }

  /** @throws RangeError unless it is one column, of texts */
  oneHot(where: string, categories: readonly string[], isZeros: boolean): InputColumns {
    const [part] = this.#parts
    if (this.#parts.length !== 1 || part.width !== 1 || !part.isText) {
      throw rangeError(where, 'one input of texts', 'another')
    }
    if (categories.length === 0) throw rangeError(where, 'texts to be one-hot, cats_strings', 'none')
    const oneHot = { ...part, width: categories.length, categories }
    return new InputColumns([oneHot], isZeros ? 'zeros' : 'error')
  }

  /** Some of the columns of one tensor. */
  picked(where: string, indices: ArrayLike<number>): InputColumns {
    const [part] = this.#parts
    if (this.#parts.length !== 1 || part.categories !== undefined || part.scaling !== undefined) {
      throw rangeError(where, 'some of the columns of one input', 'of something else')
    }
    const numbers = Array.from(indices)
    const wrong = numbers.find((k) => !Number.isInteger(k) || k < 0 || (part.width > 0 && k >= part.width))
    if (wrong !== undefined) throw rangeError(where, `a column from 0 to ${part.width - 1}`, wrong)
    const names = numbers.map((k) => part.names?.[k] ?? `x${k}`)
    return new InputColumns([{ ...part, names, width: numbers.length }], this.#unknown)
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

  /** Their names and categories; undefined if they have neither. */
  described(): { readonly columns: readonly ForeignInput[]; readonly unknown: Unknown } | undefined {
    if (
      this.#parts.length === 1 &&
      this.#parts[0].names === undefined &&
      this.#parts[0].categories === undefined
    ) {
      return undefined
    }
    const columns = this.#parts.flatMap(({ names, width, categories }): ForeignInput[] => {
      if (categories !== undefined) return [{ name: names?.[0], categories }]
      return Array.from({ length: width }, (_, k) => ({ name: names?.[k] }))
    })
    return { columns, unknown: this.#unknown }
  }
}

function sliced({ offset, factor, shift }: Columns, first: number, width: number): Columns {
  const part = (values: ArrayLike<number>): ArrayLike<number> => {
    return values.length === 1 ? values : Array.from(values).slice(first, first + width)
  }
  return { offset: part(offset), factor: part(factor), shift: part(shift) }
}
