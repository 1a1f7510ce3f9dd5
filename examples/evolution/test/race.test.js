// @ts-check
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { directions, INPUTS, Race, SIGHT, STEP } from '../app/race.js'
import { HALF_ROAD, HEIGHT, Track, WIDTH } from '../app/track.js'
import { circuitNames, trackOf } from '../app/tracks.js'

/** A road with long straight sides; it starts in the middle of the lower one, to the right. */
const stadium = new Track(
  [
    [600, 600],
    [700, 600],
    [800, 600],
    [900, 600],
    [1100, 600],
    [1100, 150],
    [800, 150],
    [600, 150],
    [400, 150],
    [100, 150],
    [100, 600],
    [300, 600],
    [400, 600],
    [500, 600],
  ].map(([x, y]) => /** @type {const} */ ([x, y])),
)

/** @param {number} actual @param {number} expected @param {number} tolerance */
function near(actual, expected, tolerance) {
  assert.ok(Math.abs(actual - expected) <= tolerance, `expected ${expected} ± ${tolerance}, got ${actual}`)
}

/** @param {number} cars */
function race(cars = 1) {
  return new Race(stadium, cars, 20)
}

/** @param {Race} race */
function seen(race) {
  const xs = new Float32Array(race.cars * INPUTS)
  race.sense(xs)
  return xs
}

describe('a track', () => {
  it('knows how much room there is', () => {
    near(stadium.room(600, 600), HALF_ROAD, 0.2)
    near(stadium.room(610.5, 600 + 20.25), HALF_ROAD - 20.25, 0.2)
    near(stadium.room(600, 600 - HALF_ROAD), 0, 0.2)
    assert.ok(stadium.room(600, 400) < 0)
    assert.ok(stadium.room(-50, 2000) < 0)
  })

  it('shows how far one sees', () => {
    near(stadium.sight(600, 600, 0, 1, SIGHT), HALF_ROAD, 1)
    near(stadium.sight(600, 590, 0, -1, SIGHT), HALF_ROAD - 10, 1)
    near(stadium.sight(600, 600, 0.6, 0.8, SIGHT), HALF_ROAD / 0.8, 1)
    near(stadium.sight(600, 600, 0.96, -0.28, SIGHT), HALF_ROAD / 0.28, 3)
    assert.equal(stadium.sight(600, 600, 1, 0, 200), 200)
    near(stadium.sight(600, 600, 0.96, -0.28, 50), 50, 0)
  })

  it('finds the nearest place of its centre line, both ways, across the start', () => {
    const { line, length } = stadium
    for (const [from, to] of [
      [0, 5],
      [5, 0],
      [length - 3, 4],
      [4, length - 3],
    ]) {
      assert.equal(stadium.nearest(line[2 * to] + 0.5, line[2 * to + 1] - 10, from), to)
    }
  })

  for (const name of circuitNames) {
    it(`${name} is closed, in the picture, and nowhere near itself`, () => {
      const { line, length } = trackOf(name)
      /** @param {number} i @param {number} j */
      const between = (i, j) => Math.hypot(line[2 * i] - line[2 * j], line[2 * i + 1] - line[2 * j + 1])
      for (let i = 0; i < length; ++i) {
        near(between(i, (i + 1) % length), 4, 0.1)
        const [x, y] = [line[2 * i], line[2 * i + 1]]
        assert.ok(Math.min(x, y, WIDTH - x, HEIGHT - y) > HALF_ROAD)
        for (let j = 0; j < i; ++j) {
          const along = Math.min(i - j, length - i + j)
          if (along > 50) assert.ok(between(i, j) > 2 * HALF_ROAD + 20, `${i} and ${j}`)
        }
      }
    })
  }
})

describe('a race', () => {
  it('has directions of length 1', () => {
    for (const [front, right] of directions) near(Math.hypot(front, right), 1, 1e-15)
  })

  it('tells drivers the distances in their directions, and the speed', () => {
    const start = race()
    const expected = [HALF_ROAD / 0.96, HALF_ROAD / 0.6, SIGHT, HALF_ROAD / 0.6, HALF_ROAD / 0.96]
    for (const [i, distance] of expected.entries()) near(seen(start)[i] * SIGHT, distance, 1.5)
    assert.equal(seen(start)[5], 0)

    const left = race()
    left.y[0] -= 20
    const [outer, , , , inner] = seen(left)
    near(outer * SIGHT, (HALF_ROAD - 20) / 0.96, 1.5)
    near(inner * SIGHT, (HALF_ROAD + 20) / 0.96, 1.5)
  })

  it('steers to the right, to the left, and not at all', () => {
    const cars = race(3)
    for (let i = 0; i < 20; ++i) cars.step(Float32Array.of(1, 1, -1, 1, 0, 1))
    assert.ok(cars.dy[0] > 0.1 && cars.y[0] > cars.y[2])
    assert.ok(cars.dy[1] < -0.1 && cars.y[1] < cars.y[2])
    near(cars.dy[2], 0, 1e-12)
    for (let i = 0; i < 3; ++i) near(Math.hypot(cars.dx[i], cars.dy[i]), 1, 1e-12)
  })

  it('is faster with the throttle than with the brakes', () => {
    const cars = race(2)
    for (let i = 0; i < 30; ++i) cars.step(Float32Array.of(0, 1, 0, -1))
    assert.ok(cars.speed[0] > 1.5 * cars.speed[1])
    assert.ok(cars.progress[0] > cars.progress[1] && cars.progress[1] > 0)
    assert.equal(cars.leader, 0)
  })

  it('ends for whoever drives into a wall, or the wrong way', () => {
    const cars = race(2)
    cars.dx[1] = -cars.dx[1]
    for (let i = 0; i < 60; ++i) cars.step(Float32Array.of(0.3, 1, 0, 0.1))
    assert.deepEqual(Array.from(cars.isOut), [1, 1])
    assert.ok(cars.isOver && cars.running === 0)
    assert.ok(cars.progress[0] > 0 && cars.progress[1] < 0)
  })

  it('counts a lap when the start is crossed forwards, and not backwards', () => {
    const cars = race()
    // Along the centre line at its pace, as a driver on rails.
    const { line, length } = stadium
    for (let i = 1; i <= 2 * length + 10; ++i) {
      const at = i % length
      cars.x[0] = line[2 * at]
      cars.y[0] = line[2 * at + 1]
      cars.speed[0] = 0
      const next = (at + 1) % length
      cars.dx[0] = (line[2 * next] - line[2 * at]) / 4
      cars.dy[0] = (line[2 * next + 1] - line[2 * at + 1]) / 4
      cars.step(Float32Array.of(0, 0))
    }
    near(cars.laps(0), 2, 0.05)
    near(cars.fastestLap ?? 0, length * STEP, 0.1)
  })
})
