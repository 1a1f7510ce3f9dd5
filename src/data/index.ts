/** The entry deltaprop/data: files become tables and tensors. */
export { csvBatches, parseCsv, readCsv } from './csv.js'
export { parseIdx, readIdx } from './idx.js'
export { errorDetails } from '../base/argument-error.js'
export type { ErrorDetails, ErrorPlace, Remedy } from '../base/argument-error.js'
export type { CsvBatchOptions, CsvOptions, Decimal, Missing, Thousands } from './csv-options.js'
export type { Chunk, CsvSource } from './csv-source.js'
export type { IdxOptions, IdxTensor, IdxValues } from './idx.js'
export type { Column, Kind, NumberColumn, Table, TextColumn } from './table.js'
