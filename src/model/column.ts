/** How the network represents a column of data. */

export const scales = ['standardize', 'minMax', 'none'] as const

/** How a number is scaled for the network: see ScaledColumn. */
export type Scale = (typeof scales)[number]

/**
 * One number for the network:
 *
 *     standardize   (v − mean) / deviation    of population variance; deviation 1 if the column is constant
 *     minMax        (v − min) / (max − min)   v − min if the column is constant
 *     none          v
 *
 * A column is constant if its values are equal up to rounding: max − min <= 10·ε·max |v|.
 */
export type ScaledColumn = { readonly name: string; readonly kind: 'number' } & (
  | { readonly scale: 'standardize'; readonly mean: number; readonly deviation: number }
  | { readonly scale: 'minMax'; readonly min: number; readonly max: number }
  | { readonly scale: 'none' }
)

/** A text, or a number or boolean that names a class. */
export type Category = string | number | boolean

export const categoryKinds = ['text', 'number', 'boolean'] as const

/** The type of the categories. */
export type CategoryKind = (typeof categoryKinds)[number]

/** One-hot: one number per category, 1 for the category of the value and 0 for the others. */
export interface CategoryColumn {
  readonly name: string
  /** the type of the categories */
  readonly kind: CategoryKind
  /** ascending, texts by their UTF-16 code units; false and true for booleans */
  readonly categories: readonly Category[]
}

/** One number, 0 or 1: whether a row has this label. A row may have several labels. */
export interface LabelColumn {
  readonly name: string
  readonly kind: 'label'
  /** the values in the data that mean 0 and 1: 0 and 1, false and true, or texts such as no and yes */
  readonly labels: readonly [no: Category, yes: Category]
}

/** What a model knows about a column that it reads or predicts. */
export type ModelColumn = ScaledColumn | CategoryColumn | LabelColumn

export function isCategorical(column: ModelColumn): column is CategoryColumn {
  return 'categories' in column
}

export function isLabel(column: ModelColumn): column is LabelColumn {
  return column.kind === 'label'
}

/** The number of network inputs or outputs that a column takes. */
export function widthOf(column: ModelColumn): number {
  return isCategorical(column) ? column.categories.length : 1
}

/** The total width of the columns. */
export function totalWidth(columns: readonly ModelColumn[]): number {
  return columns.reduce((sum, column) => sum + widthOf(column), 0)
}

/** Scaling as an affine map: (v − offset) / factor. */
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

/** How to treat a category that did not occur in training: an error, or all zeros. */
export type Unknown = 'error' | 'zeros'

/** The mapping between data and network, in both directions. */
export interface Preprocessing {
  readonly inputs: readonly ModelColumn[]
  /** one column of categories (the classes), or one or more labels, or one or more numbers */
  readonly outputs: readonly ModelColumn[]
  readonly unknown: Unknown
  /** the column that holds the weight of each row in training */
  readonly weights?: string
  /** whether a missing value is 0, as in pairs, instead of an error */
  readonly isSparse: boolean
}
