// @ts-check
import { Answers } from './answers.js'
import { makePicture, paintInk, paintRows } from './cells.js'
import { readPalette } from './colors.js'
import { drawCurve } from './curve.js'
import { Derivation } from './derivation.js'
import { loadDigits, targets } from './digits.js'
import { toFunction } from './deltaprop/index.js'
import { byId, make, nextFrame, onceAFrame } from './dom.js'
import { download } from './download.js'
import { EPOCHS, Learner, LESSON_EPOCHS, LESSON_WEIGHT } from './learner.js'
import { Pad } from './pad.js'
import { forget, keep, load } from './store.js'
import { inkOf, PIXELS } from './strokes.js'

const page = {
  pad: byId('pad', HTMLCanvasElement),
  seen: byId('seen', HTMLCanvasElement),
  said: byId('said', HTMLElement),
  curve: byId('curve', SVGElement),
  units: byId('units', HTMLSelectElement),
  lessons: byId('lessons', HTMLElement),
}

let palette = readPalette()
const digits = await loadDigits()
let learner = await restored()
/** what was drawn, as the network sees it @type {Float32Array | undefined} */
let ink
/** the digit that the pointer is on @type {number | undefined} */
let pointed
/** the epochs after which it was taught @type {number[]} */
let marks = []

const repaint = onceAFrame(paint)
const pad = new Pad(page.pad, () => {
  ink = pad.strokes.length === 0 ? undefined : inkOf(pad.strokes)
  repaint()
})
const derivation = new Derivation(byId('derivation', HTMLElement))
const answers = new Answers(byId('answers', HTMLElement), teach, (digit) => {
  pointed = digit
  repaint()
})

byId('tested', HTMLElement).textContent = `of ${digits.test.labels.length} new digits`
byId('clear', HTMLElement).addEventListener('click', () => pad.clear())
byId('more', HTMLElement).addEventListener('click', () => void train(EPOCHS))
byId('reset', HTMLElement).addEventListener('click', () => void reset())
byId('save', HTMLElement).addEventListener('click', () => {
  download('digits.safetensors', learner.toBytes(), 'application/octet-stream')
})
byId('save-function', HTMLElement).addEventListener('click', () => {
  download('digits.js', toFunction(learner.net), 'text/javascript')
})
page.units.addEventListener('change', () => start(Number(page.units.value), learner.lessons))
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target === page.units) return
  if (event.key === 'Escape') pad.clear()
  else if (/^\d$/.test(event.key)) teach(Number(event.key))
})
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  palette = readPalette()
  showLessons()
  repaint()
})
new ResizeObserver(repaint).observe(page.curve)

showLessons()
repaint()
if (learner.isNew) void train(EPOCHS)

/** The network of the last time, or a new one. */
async function restored() {
  try {
    const bytes = await load()
    if (bytes !== undefined) return Learner.fromBytes(digits, bytes)
  } catch (error) {
    console.warn('what was kept could not be read, it begins anew:', error)
  }
  return Learner.create(digits, Number(page.units.value), [])
}

/**
 * Begins anew.
 *
 * @param {number} units
 * @param {Learner['lessons']} lessons
 */
function start(units, lessons) {
  learner.end()
  learner = Learner.create(digits, units, lessons)
  marks = []
  showLessons()
  void train(EPOCHS)
}

async function reset() {
  start(Number(page.units.value), [])
  pad.clear()
  say('Forgotten.')
  await forget().catch(isNotKept)
}

/** Some browsers keep nothing in private windows; the page goes on without. @param {unknown} error */
function isNotKept(error) {
  console.warn('nothing can be kept here:', error)
}

/** @param {number} epochs */
async function train(epochs) {
  const trained = learner
  // An epoch for each frame: it is seen how the network comes to what it knows.
  await trained.train(epochs, () => {
    repaint()
    return nextFrame()
  })
  if (trained === learner && learner.left === 0) await keep(learner.toBytes()).catch(isNotKept)
}

/** @param {number} label what the drawing is */
function teach(label) {
  if (ink === undefined || pad.isDone) return
  learner.teach({ ink, label })
  pad.isDone = true
  marks = [...marks, learner.progress.length]
  say(`Learnt: this is a ${label}. Draw the next one.`)
  showLessons()
  repaint()
  void train(LESSON_EPOCHS)
}

/** @param {string} text */
function say(text) {
  page.said.textContent = text
}

function paint() {
  const { net, progress } = learner
  const probabilities = ink && net.predict(ink)
  answers.show(probabilities)
  pad.paint(palette.pen)
  byId('invitation', HTMLElement).hidden = ink !== undefined
  paintInk(page.seen, ink ?? new Float32Array(PIXELS), palette)
  paintRows(byId('weights', HTMLElement), net.layers[0].weights, palette)
  showDerivation(probabilities)
  showProgress(progress)
}

/** @param {ArrayLike<number> | undefined} probabilities */
function showDerivation(probabilities) {
  const note = byId('derivation-note', HTMLElement)
  if (ink === undefined || probabilities === undefined) {
    note.textContent = 'Draw something to see it.'
    page.seen.ariaLabel = 'What the network sees: nothing yet'
    derivation.show(undefined, new Float32Array(10), palette)
    return
  }
  const shares = Array.from(probabilities)
  const guess = shares.indexOf(Math.max(...shares))
  const y = targets(Uint8Array.of(pointed ?? guess))
  const trace = learner.net.trace(ink, y)
  note.textContent = `Were it a ${pointed ?? guess}: C = ${trace.loss.toPrecision(3)}. Point at another answer to see what that would teach.`
  page.seen.ariaLabel = `What the network sees: it reads a ${guess}`
  derivation.show(trace, y, palette)
}

/** @param {Learner['progress']} progress */
function showProgress(progress) {
  const last = progress.at(-1)
  byId('network', HTMLElement).textContent = String(learner.net)
  byId('epochs', HTMLElement).textContent = String(progress.length)
  byId('loss', HTMLElement).textContent = last === undefined ? '–' : last.loss.toPrecision(3)
  const accuracy = last?.accuracy ?? (learner.isNew ? undefined : learner.accuracy())
  byId('accuracy', HTMLElement).textContent =
    accuracy === undefined ? '–' : `${(100 * accuracy).toFixed(1)} %`
  drawCurve(
    page.curve,
    progress.map(({ loss }) => loss),
    marks,
  )
  const isTraining = learner.left > 0
  document.body.dataset.training = String(isTraining)
  byId('more', HTMLButtonElement).disabled = isTraining
  // The limit of toFunction: 2048 hidden neurons have 153,610 parameters.
  byId('save-function', HTMLButtonElement).disabled = learner.net.layers[0].units > 1000
}

function showLessons() {
  const { lessons } = learner
  const count =
    lessons.length === 1 ? 'One drawing, which counts' : `${lessons.length} drawings, each of which counts`
  byId('lessons-note', HTMLElement).textContent =
    lessons.length === 0
      ? 'Nothing yet. What you teach it stays in this browser, for the next time.'
      : `${count} like ${LESSON_WEIGHT} of the digits that it began with. Kept in this browser, for the next time.`
  page.lessons.replaceChildren(
    ...lessons.map((lesson) => {
      const picture = Object.assign(makePicture(), { role: 'img', ariaLabel: `a ${lesson.label} of yours` })
      paintInk(picture, lesson.ink, palette)
      return make('li', '', picture, String(lesson.label))
    }),
  )
}
