// @ts-check

/** @typedef {import('./strokes.js').Stroke} Stroke */

/** Thickness of the pen, and what an arrow key moves it by, both as a share of the sheet. */
const PEN = 0.075
const KEY_STEP = 0.04

/** Directions of the arrow keys. */
const arrows = new Map([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]],
])

/** A sheet to draw on with mouse, finger, pen or keyboard; its points are shares of its sides, from 0 to 1. */
export class Pad {
  /** @type {Stroke[]} */
  strokes = []
  /** whether the next line begins a new drawing */
  isDone = false
  #canvas
  #onChange
  /** @type {[number, number][] | undefined} the line that is being drawn */
  #line
  /** where the keyboard's pen is, once it is used @type {[number, number] | undefined} */
  #cursor
  #color = ''

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {() => void} onChange called for every change of the drawing
   */
  constructor(canvas, onChange) {
    this.#canvas = canvas
    this.#onChange = onChange
    canvas.addEventListener('pointerdown', (event) => this.#penDown(event))
    canvas.addEventListener('pointermove', (event) => this.#penMoves(event))
    canvas.addEventListener('pointerup', () => this.#lift())
    canvas.addEventListener('pointercancel', () => this.#lift())
    canvas.addEventListener('keydown', (event) => this.#press(event))
    canvas.addEventListener('blur', () => this.#leave())
    new ResizeObserver(() => this.paint(this.#color)).observe(canvas)
  }

  clear() {
    this.strokes = []
    this.#line = undefined
    this.isDone = false
    this.#onChange()
  }

  /** @param {string} color of the pen */
  paint(color) {
    this.#color = color
    const canvas = this.#canvas
    const side = Math.round(canvas.clientWidth * devicePixelRatio)
    if (canvas.width !== side || canvas.height !== side) Object.assign(canvas, { width: side, height: side })
    const context = canvas.getContext('2d')
    if (context === null) return
    context.clearRect(0, 0, side, side)
    Object.assign(context, { lineCap: 'round', lineJoin: 'round', lineWidth: PEN * side, strokeStyle: color })
    context.globalAlpha = this.isDone ? 0.45 : 1
    for (const stroke of this.strokes) {
      context.beginPath()
      context.moveTo(stroke[0][0] * side, stroke[0][1] * side)
      for (const [x, y] of stroke) context.lineTo(x * side, y * side)
      context.stroke()
    }
    if (this.#cursor !== undefined) this.#paintCursor(context, side, this.#cursor)
  }

  /**
   * A ring where the keyboard's pen is, filled while it is down.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} side
   * @param {[number, number]} cursor
   */
  #paintCursor(context, side, [x, y]) {
    Object.assign(context, { globalAlpha: 1, lineWidth: 2 * devicePixelRatio, fillStyle: this.#color })
    context.beginPath()
    context.arc(x * side, y * side, (PEN * side) / 2, 0, 2 * Math.PI)
    if (this.#line === undefined) context.stroke()
    else context.fill()
  }

  /** @param {PointerEvent} event */
  #penDown(event) {
    if (event.button !== 0) return
    this.#canvas.setPointerCapture(event.pointerId)
    this.#cursor = undefined
    this.#begin(this.#place(event))
  }

  /** @param {PointerEvent} event */
  #penMoves(event) {
    // A finger that was put down beside another one is not drawing.
    if (
      this.#line === undefined ||
      this.#cursor !== undefined ||
      !this.#canvas.hasPointerCapture(event.pointerId)
    )
      return
    for (const moved of event.getCoalescedEvents()) this.#line.push(this.#place(moved))
    this.#onChange()
  }

  /** @param {[number, number]} point */
  #begin(point) {
    if (this.isDone) this.clear()
    this.#line = [point]
    this.strokes.push(this.#line)
    this.#onChange()
  }

  #lift() {
    if (this.#line === undefined) return
    this.#line = undefined
    this.#onChange()
  }

  #leave() {
    this.#cursor = undefined
    this.#lift()
    this.paint(this.#color)
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const direction = arrows.get(event.key)
    if (direction === undefined && event.key !== ' ') return
    event.preventDefault()
    const from = this.#cursor ?? [0.5, 0.2]
    if (direction === undefined) {
      const isDown = this.#cursor !== undefined && this.#line !== undefined
      this.#cursor = from
      if (isDown) this.#lift()
      else this.#begin([...from])
      return
    }
    const [x, y] = from.map((at, axis) => Math.min(1, Math.max(0, at + KEY_STEP * direction[axis])))
    this.#cursor = [x, y]
    this.#line?.push([x, y])
    this.#onChange()
  }

  /** @param {PointerEvent} event @returns {[number, number]} */
  #place({ clientX, clientY }) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect()
    return [(clientX - left) / width, (clientY - top) / height]
  }
}
