/** The entry deltaprop/scoring: answers for files, piece by piece. */
export { cutRows } from './cut.js'
export type { CutOptions, Piece } from './cut.js'
export { planRows } from './plan.js'
export type { CsvPlan, ScoringOptions, ScoringPlan } from './plan.js'
export { predictPiece } from './predict-piece.js'
export type { PieceOptions } from './predict-piece.js'
export type { AnswerFormat } from './answers.js'
export type { DataFormat, FileOptions } from './rows.js'
