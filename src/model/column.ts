/** What a column of data is to the network. */

export const scales = ['standardize', 'minMax', 'none'] as const

/** How a number is scaled for the network: see ScaledColumn. */
export type Scale = (typeof scales)[number]

/**
 * One number for the network:
 *
 *     standardize   (v − mean) / deviation    of population variance; deviation 1 where the column is constant
 *     minMax        (v − min) / (max − min)   v − min where the column is constant
 *     none          v
 *
 * A column is constant if its values are the same but for rounding: max − min <= 10·ε·max |v|.
 */
export type ScaledColumn = { readonly name: string; readonly kind: 'number' } & (
  | { readonly scale: 'standardize'; readonly mean: number; readonly deviation: number }
  | { readonly scale: 'minMax'; readonly min: number; readonly max: number }
  | { readonly scale: 'none' }
)

/** A text; or a number, true or false, that names a class. */
export type Category = string | number | boolean

export const categoryKinds = ['text', 'number', 'boolean'] as const

/** What categories are. */
export type CategoryKind = (typeof categoryKinds)[number]

/** One number for each category: 1 for that of the value, 0 for the others. */
export interface CategoryColumn {
  readonly name: string
  /** what the categories are */
  readonly kind: CategoryKind
  /** ascending, texts by their UTF-16 code units; false and true for booleans */
  readonly categories: readonly Category[]
}

/** One number, 0 or 1: whether a row has a label, of which it may have several. */
export interface LabelColumn {
  readonly name: string
  readonly kind: 'label'
  /** what the data says for 0 and for 1: 0 and 1, false and true, or texts such as no and yes */
  readonly labels: readonly [no: Category, yes: Category]
}

/** What a model knows of a column that it reads or predicts. */
export type ModelColumn = ScaledColumn | CategoryColumn | LabelColumn

export function isCategorical(column: ModelColumn): column is CategoryColumn {
  return 'categories' in column
}

export function isLabel(column: ModelColumn): column is LabelColumn {
  return column.kind === 'label'
}

/** How many numbers of the network a column is. */
export function widthOf(column: ModelColumn): number {
  return isCategorical(column) ? column.categories.length : 1
}

/** How many numbers columns are together. */
export function totalWidth(columns: readonly ModelColumn[]): number {
  return columns.reduce((sum, column) => sum + widthOf(column), 0)
}

/** What scaling is: (v − offset) / factor. */
export interface Affine {
  readonly offset: number
  readonly factor: number
}

export function affineOf(column: ScaledColumn): Affine {
  switch (column.scale) {
    case 'standardize':
      return { offset: column.mean, factor: column.deviation }
    case 'minMax':
      return { offset: column.min, factor: column.max > column.min ? column.max - column.min : 1 }
    case 'none':
      return { offset: 0, factor: 1 }
  }
}

/** What is done about a category that training had none of: an error, or all zeros. */
export type Unknown = 'error' | 'zeros'

/** What is between data and the network, both ways. */
export interface Preprocessing {
  readonly inputs: readonly ModelColumn[]
  /** one of categories, which are classes; or some of labels; or some of numbers */
  readonly outputs: readonly ModelColumn[]
  readonly unknown: Unknown
  /** the column of how often a row counts in training */
  readonly weights?: string
  /** whether what has no value is 0, as in pairs, and not an error */
  readonly isSparse: boolean
}
