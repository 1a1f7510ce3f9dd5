// @ts-check
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CARS, Evolution } from '../app/evolution.js'
import { trackOf } from '../app/tracks.js'

/** @param {number} seed @param {number} generations */
function evolve(seed, generations) {
  const evolution = new Evolution(seed, trackOf('Pass'))
  while (evolution.generation <= generations) evolution.step()
  return evolution
}

/** @param {Evolution} evolution */
function weightsOf({ drivers }) {
  return drivers.map((driver) => driver.toJSON())
}

describe('evolution', () => {
  it('is the same for the same seed, to the bit, and another for another', () => {
    const [a, b, c] = [1, 1, 2].map((seed) => evolve(seed, 3))
    assert.deepEqual(a.reports, b.reports)
    assert.deepEqual(weightsOf(a), weightsOf(b))
    assert.notDeepEqual(a.reports, c.reports)
  })

  it('learns to drive: most go all the way round, who did not leave the start, and on another road as well', () => {
    const evolution = evolve(1, 16)
    const { reports, drivers, fastestLap } = evolution
    const [first, last] = [reports[0], reports[15]]
    assert.ok(first.median < 0.05 && first.best < 0.3, `${first.median} and ${first.best} laps at first`)
    assert.ok(last.median > 1.3, `${last.median} laps in the end`)
    assert.ok(last.driving > 4 * first.driving, `${first.driving} at first, ${last.driving} in the end`)
    assert.ok(fastestLap !== undefined && fastestLap < 15, `${fastestLap} s`)

    evolution.moveTo(trackOf('Harbour'))
    assert.equal(evolution.drivers, drivers)
    while (evolution.generation === 17) evolution.step()
    const { median } = evolution.reports[16]
    assert.ok(median > 1, `${median} laps on the other road`)
    // The parents drive again, unchanged.
    assert.equal(evolution.drivers.length, CARS)
    assert.equal(evolution.drivers.filter((driver) => drivers.includes(driver)).length, 20)
  })
})
