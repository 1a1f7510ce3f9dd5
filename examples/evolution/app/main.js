// @ts-check
import { paintBrain } from './brain.js'
import { readPalette } from './colors.js'
import { byId } from './dom.js'
import { CARS, Evolution } from './evolution.js'
import { drawProgress } from './progress.js'
import { STEP } from './race.js'
import { Scene } from './scene.js'
import { circuitNames, trackOf } from './tracks.js'

/** Of a frame, for driving: the rest is for painting. A slow machine drives fewer steps in a frame, but the same ones. */
const MILLISECONDS = 11

const page = {
  pause: byId('pause', HTMLButtonElement),
  track: byId('track', HTMLSelectElement),
  seed: byId('seed', HTMLInputElement),
  said: byId('said', HTMLElement),
  brain: byId('brain', HTMLCanvasElement),
  progress: byId('progress', SVGElement),
  cars: byId('cars', HTMLCanvasElement),
}
const wantsRest = matchMedia('(prefers-reduced-motion: reduce)').matches
let palette = readPalette()
const scene = new Scene(byId('ground', HTMLCanvasElement), page.cars, palette)

page.track.append(...circuitNames.map((name) => new Option(name)))
let evolution = begin()
let isRunning = !wantsRest
let speed = 1
/** the car whose network is shown */
let leader = 0
/** steps that are due */
let due = 0
/** when the frame before was painted, in ms */
let before = 0

page.pause.addEventListener('click', () => run(!isRunning))
document.addEventListener('keydown', (event) => {
  if (event.key !== ' ' || event.target !== document.body) return
  event.preventDefault()
  run(!isRunning)
})
for (const input of document.querySelectorAll('input[name="speed"]')) {
  input.addEventListener('change', () => (speed = Number(input.getAttribute('value'))))
}
page.track.addEventListener('change', () => {
  evolution.moveTo(chosenTrack())
  say('The same drivers, on another road.')
})
byId('restart', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault()
  evolution = begin()
  say(`Seed ${page.seed.value}: a thousand networks of random weights.`)
  drawProgress(page.progress, evolution.reports)
})
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', refresh)
const resized = new ResizeObserver(refresh)
for (const drawing of [page.cars, page.progress]) resized.observe(drawing)

run(isRunning)
say(
  wantsRest
    ? 'It waits for you, as your system asks for less motion.'
    : 'A thousand networks of random weights: hardly one stays on the road.',
)
requestAnimationFrame(frame)

function begin() {
  return new Evolution(page.seed.valueAsNumber, chosenTrack())
}

/** @param {number} now in ms */
function frame(now) {
  requestAnimationFrame(frame)
  // A page that was not seen for a while does not catch up.
  due += isRunning ? (speed * Math.min(now - before, 50)) / 1000 / STEP : 0
  before = now
  if (due >= 1) drive(performance.now() + MILLISECONDS)
  show()
}

/** @param {number} end in ms */
function drive(end) {
  const { generation } = evolution
  for (; due >= 1; --due) {
    evolution.step()
    if (performance.now() < end) continue
    due = 0
    break
  }
  if (evolution.generation !== generation) tell()
}

function chosenTrack() {
  return trackOf(circuitNames[page.track.selectedIndex])
}

/** @param {boolean} goes */
function run(goes) {
  isRunning = goes
  page.pause.textContent = goes ? 'Pause' : 'Go on'
}

/** What the generation before came to. */
function tell() {
  const { generation, reports } = evolution
  const { best, driving } = reports[reports.length - 1]
  const isFirst = best >= 1 && !reports.slice(0, -1).some((report) => report.best >= 1)
  const news = isFirst
    ? 'for the first time, a car has come all the way round'
    : `at most ${best.toFixed(2)} laps; ${driving} of ${CARS} stayed on the road`
  say(`Generation ${generation - 1}: ${news}.`)
  drawProgress(page.progress, reports)
}

/** @param {string} text */
function say(text) {
  page.said.textContent = text
}

function show() {
  const { race, drivers, generation, fastestLap } = evolution
  const first = race.leader
  // Cars that are abreast do not take turns.
  if (race.isOut[leader] === 1 || race.progress[first] > race.progress[leader] + 4) leader = first
  scene.paint(race, leader)
  paintBrain(page.brain, drivers[leader], evolution.seenBy(leader), palette)

  const lap = race.fastestLap === undefined ? fastestLap : Math.min(race.fastestLap, fastestLap ?? Infinity)
  set('generation', String(generation))
  set('driving', String(race.running))
  set('left', Math.max(0, race.limit - race.time).toFixed(1))
  set('farthest', race.laps(first).toFixed(2))
  set('lap', lap === undefined ? '–' : `${lap.toFixed(2)} s`)
}

/** @param {string} id @param {string} text */
function set(id, text) {
  const element = byId(id, HTMLElement)
  if (element.textContent !== text) element.textContent = text
}

/** After a change of size or colours. */
function refresh() {
  palette = readPalette()
  scene.refresh(palette)
  drawProgress(page.progress, evolution.reports)
}
