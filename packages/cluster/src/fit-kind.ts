/** Trains the fits of a selection, on a worker. */
import {
  openFits,
  type DivisionOptions,
  type OpenFits,
  type PlainRecipe,
  type SharedByFits,
} from 'deltaprop/selection'
import type { Doer, Kind } from './kind.js'
import { digestOf, record, type Result } from './messages.js'
import { decodePlain } from './plain.js'

/** Jobs of this kind. */
export const FITS_KIND = 'fits'

/** Trains them. */
export const fitsKind: Kind = {
  name: FITS_KIND,
  open: async (manifest, { fetch }) => {
    const shared = decodePlain(await fetch(digestOf(manifest, 'data'))) as Omit<SharedByFits, 'division'>
    const division = record(manifest.division) as unknown as DivisionOptions
    return new FitDoer(openFits({ ...shared, division }))
  },
}

class FitDoer implements Doer {
  readonly #fits: OpenFits
  /** the last recipe, as it came and as it was read: folds of the same one come together */
  #recipe: { readonly bytes: Uint8Array; readonly recipe: PlainRecipe } | undefined

  constructor(fits: OpenFits) {
    this.#fits = fits
  }

  async do(job: Uint8Array, index: number, signal: AbortSignal): Promise<Result> {
    if (this.#recipe === undefined || !areSame(this.#recipe.bytes, job)) {
      this.#recipe = { bytes: job, recipe: record(decodePlain(job)) }
    }
    return { ...(await this.#fits.fit(this.#recipe.recipe, index % this.#fits.folds, { signal })) }
  }
}

function areSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i])
}
