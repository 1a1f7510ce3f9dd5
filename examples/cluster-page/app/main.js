// @ts-check
import { byId } from './dom.js'
import { Pace } from './pace.js'
import { drawStrip } from './strip.js'

/** @typedef {import('./lender.js').State} State */
/** @typedef {import('./lender.js').Order} Order */

/** How often it is asked who is there, in milliseconds. */
const LOOK_MS = 1500

const page = {
  phase: byId('phase', HTMLElement),
  detail: byId('detail', HTMLElement),
  lend: byId('lend', HTMLButtonElement),
  strip: byId('strip', SVGElement),
  progress: byId('progress', HTMLProgressElement),
}
/** What is said of each phase, where the lender says nothing. */
const PHASES = {
  connecting: ['Connecting', 'It looks for the server.'],
  away: ['Not connected', ''],
  refused: ['Not let in', ''],
  paused: ['Paused', 'Connected. This tab does nothing until you lend it again.'],
  waiting: ['Ready', 'Connected. There is no job for this tab right now.'],
  working: ['At work', 'Connected. It trains a network.'],
}

const lender = new Worker('./lender.js', { type: 'module' })
const pace = new Pace()
/** @type {State | undefined} */
let state
/** when the job that runs was begun; undefined: there is none @type {number | undefined} */
let begun
/** draws the bar of the job that runs @type {(seconds: number) => void} */
let grow = drawStrip(page.strip, [])

lender.addEventListener('message', (/** @type {MessageEvent<State>} */ { data }) => show(data))
lender.addEventListener('error', () => say('refused', 'This browser cannot run what trains.'))
page.lend.addEventListener('click', () => order(state?.isLending === false ? 'lend' : 'pause'))
new ResizeObserver(() => draw()).observe(page.strip)
setInterval(() => {
  if (!document.hidden) order('look')
}, LOOK_MS)
requestAnimationFrame(frame)

/** @param {Order} what */
function order(what) {
  lender.postMessage(what)
}

/** The bar of the job that runs; nothing is painted in a tab that is not seen. */
function frame() {
  if (begun !== undefined) grow((performance.now() - begun) / 1000)
  requestAnimationFrame(frame)
}

/** @param {State} now */
function show(now) {
  const before = state
  state = now
  if (now.isWorking !== before?.isWorking) begun = now.isWorking ? performance.now() : undefined
  if (now.jobs !== before?.jobs) draw()
  say(phaseOf(now), now.why)
  page.lend.textContent = now.isLending ? 'Pause' : 'Lend again'
  text('done', now.done.toLocaleString('en'))
  text('failed', now.failed.toLocaleString('en'))
  text('busy', duration(now.busy))
  document.title = now.done === 0 ? 'Lend this tab' : `${now.done} done · Lend this tab`
  if (now.sight !== before?.sight) showSight(now.sight)
}

function draw() {
  grow = drawStrip(page.strip, state?.jobs ?? [])
  grow(0)
}

/** @param {State} now @returns {keyof typeof PHASES} */
function phaseOf({ connection, isLending, isWorking }) {
  if (connection !== 'here') return connection
  if (!isLending) return 'paused'
  return isWorking ? 'working' : 'waiting'
}

/** @param {keyof typeof PHASES} phase @param {string} why */
function say(phase, why) {
  const [title, detail] = PHASES[phase]
  document.body.dataset.phase = phase
  page.phase.textContent = title
  const trying = phase === 'away' || phase === 'refused' ? `${why} It tries again.` : why
  page.detail.textContent = why === '' ? detail : trying
}

/** @param {State['sight']} sight */
function showSight(sight) {
  text('workers', sight === undefined ? '–' : sight.workers.toLocaleString('en'))
  const search = sight?.search
  page.progress.value = search === undefined ? 0 : search.done / search.jobs
  text(
    'share',
    search === undefined ? '–' : `${search.done.toLocaleString('en')} of ${search.jobs.toLocaleString('en')}`,
  )
  text('searching', describe(sight))
}

/** @param {State['sight']} sight */
function describe(sight) {
  if (sight === undefined) return 'Not known while this tab is not connected.'
  if (sight.search === undefined) return 'There is none right now.'
  const left = pace.left(sight.search, performance.now() / 1000)
  return left === undefined ? 'It is under way.' : `Some ${duration(left)} left at this pace.`
}

/** @param {string} id @param {string} content */
function text(id, content) {
  byId(id, HTMLElement).textContent = content
}

/** @param {number} seconds */
function duration(seconds) {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60]
  return minutes < 60 ? `${minutes} min ${rest} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
