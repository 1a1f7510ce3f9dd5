/** The fits of a selection as jobs: both ends. */
import type { NatsConnection } from '@nats-io/nats-core'
import {
  openFits,
  type DivisionOptions,
  type FitsElsewhere,
  type OpenFits,
  type PlainRecipe,
  type SharedByFits,
} from 'deltaprop/selection'
import { coordinate, type Surroundings } from './coordinator.js'
import { maxMessageBytes } from './limits.js'
import type { Doer, Kind } from './kind.js'
import { digestOf, record, type Result } from './messages.js'
import { decodePlain, encodePlain, sha256 } from './plain.js'

const KIND = 'fits'

/** Has the fits of a selection done. A job is a recipe; which candidate, and which fold, its index says. */
export async function coordinateFits(
  nc: NatsConnection,
  fits: FitsElsewhere,
  surroundings: Surroundings,
): Promise<void> {
  const { data, numbers, division, recipes, folds, signal } = fits
  const bytes = encodePlain({ data, ...(numbers !== undefined && { numbers }) })
  const digest = await sha256(bytes)
  const jobs = recipes.map((recipe) => encodePlain(recipe))
  const most = maxMessageBytes(nc)
  const large = jobs.findIndex((job) => job.length > most)
  if (large >= 0) {
    const expected = `options of at most ${most} bytes, which the server's max_payload sets`
    const hint = 'a fraction as validation takes no room'
    throw new RangeError(
      `on: expected ${expected}, got ${jobs[large].length} for candidate ${large + 1}; ${hint}`,
    )
  }
  const place = (index: number): [number, number] => [Math.floor(index / folds), index % folds]
  await coordinate(nc, surroundings, {
    manifest: { kind: KIND, data: digest, division },
    identity: jobs,
    data: new Map([[digest, bytes]]),
    count: recipes.length * folds,
    job: (index) => jobs[place(index)[0]],
    signal,
    isWanted: (index) => fits.isWanted(...place(index)),
    take: (index, result) => fits.settle(...place(index), result as Parameters<typeof fits.settle>[2]),
  })
}

/** Trains them. */
export const fitsKind: Kind = {
  name: KIND,
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
