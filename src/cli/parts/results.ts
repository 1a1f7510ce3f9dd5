/** What comes out of a search or a cross-validation, from one part of all or from several. */
import { directionOf, estimates, type Estimate } from '../../selection/estimate.js'
import { scoreTrial } from '../../selection/search.js'
import { ranked, type ScoredTrial } from '../../selection/search-result.js'
import type { NumberedFold } from '../../selection/parts.js'
import type { Chosen } from '../../selection/space.js'
import type { SearchOptions, SelectionOptions } from '../commands/selection-options.js'
import { choicesOf } from '../search-space.js'
import type { PartData, SearchPart, ValidationPart } from './part-file.js'

/** The part that is everything. */
export const WHOLE = { index: 0, of: 1 }

/** A search, with what its report and its JSON say. */
export interface SearchOutcome {
  readonly data: PartData
  readonly options: SearchOptions
  /** as they were typed */
  readonly given: readonly string[]
  /** all of them, whether or not a part has tried them */
  readonly choices: readonly Chosen[]
  readonly score: string
  /** best first, failed ones last */
  readonly trials: readonly ScoredTrial[]
  /** undefined if all trials failed */
  readonly best: ScoredTrial | undefined
  readonly notes: readonly string[]
}

export interface ValidationOutcome {
  readonly data: PartData
  readonly options: SelectionOptions
  readonly folds: readonly NumberedFold[]
  readonly metrics: Readonly<Record<string, Estimate>>
  readonly notes: readonly string[]
}

/** How many folds each trial has. */
export function foldsOf({ folds = 5, holdout }: Pick<SearchOptions, 'folds' | 'holdout'>): number {
  return holdout === undefined ? folds : 1
}

export function scoreOf({ score = 'loss' }: SearchOptions): string {
  return score
}

/**
 * @param parts in the order of their numbers, with at least one trial
 * @param notes besides those of the parts
 */
export function searchOutcome(
  parts: readonly SearchPart[],
  options: SearchOptions,
  notes: readonly string[] = [],
): SearchOutcome {
  const [{ data, options: given, notes: common }] = parts
  const choices = choicesOf(options.try, options.trials, options.seed)
  const score = scoreOf(options)
  const scored = parts
    .flatMap((part) => part.trials)
    .sort((one, other) => one.trial - other.trial)
    .map((judged) => scoreTrial(choices[judged.trial - 1], judged, score))
  const trials = ranked(scored, directionOf(score))
  const [first] = trials
  const best = first.error === undefined ? first : undefined
  return { data, options, given, choices, score, trials, best, notes: [...common, ...notes] }
}

/** @param parts in the order of their numbers, with at least one fold */
export function validationOutcome(
  parts: readonly ValidationPart[],
  options: SelectionOptions,
  notes: readonly string[] = [],
): ValidationOutcome {
  const [{ data, notes: common }] = parts
  const folds = parts.flatMap((part) => part.folds).sort((one, other) => one.fold - other.fold)
  const metrics = estimates(folds.map(({ evaluation }) => evaluation))
  return { data, options, folds, metrics, notes: [...common, ...notes] }
}
