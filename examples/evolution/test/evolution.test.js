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

  it('learns to drive: half of the cars come round the track, where they did not leave the start', () => {
    const { reports, fastestLap } = evolve(1, 12)
    const [first, last] = [reports[0], reports[11]]
    assert.ok(first.median < 0.05 && first.best < 0.3, `${first.median} and ${first.best} laps at first`)
    assert.ok(last.median > 10 * first.median && last.median > 0.5, `${last.median} laps in the end`)
    assert.ok(last.best > 1.1, `${last.best} laps of the best`)
    assert.ok(fastestLap !== undefined && fastestLap < 15)
    assert.ok(last.driving > 3 * first.driving)
  })

  it('goes on with the same drivers on another road', () => {
    const evolution = evolve(1, 2)
    const { drivers } = evolution
    evolution.moveTo(trackOf('Harbour'))
    assert.equal(evolution.drivers, drivers)
    assert.equal(evolution.generation, 3)
    while (evolution.generation === 3) evolution.step()
    assert.equal(evolution.reports.length, 3)
    assert.equal(evolution.drivers.length, CARS)
    // The parents drive again, unchanged.
    assert.equal(evolution.drivers.filter((driver) => drivers.includes(driver)).length, 20)
  })
})
