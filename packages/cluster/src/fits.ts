/** Has the fits of a selection done by workers. */
import type { NatsConnection } from '@nats-io/nats-core'
import type { FitsElsewhere } from 'deltaprop/selection'
import { coordinate } from './coordinator.js'
import { FITS_KIND } from './fit-kind.js'
import type { Surroundings } from './run-books.js'
import { maxMessageBytes } from './limits.js'
import { encodePlain, sha256 } from './plain.js'

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
    manifest: { kind: FITS_KIND, data: digest, division },
    identity: jobs,
    data: new Map([[digest, bytes]]),
    count: recipes.length * folds,
    job: (index) => jobs[place(index)[0]],
    signal,
    isWanted: (index) => fits.isWanted(...place(index)),
    take: (index, result) => fits.settle(...place(index), result as Parameters<typeof fits.settle>[2]),
  })
}
