// @ts-check
import { make } from './dom.js'

/** The ten answers as bars, each of which is a button that says: this is what it was. */
export class Answers {
  #bars

  /**
   * @param {HTMLElement} list
   * @param {(digit: number) => void} onTeach
   * @param {(digit: number | undefined) => void} onPoint told which answer the pointer or the focus is on
   */
  constructor(list, onTeach, onPoint) {
    this.#bars = Array.from({ length: 10 }, (_, digit) => {
      const percent = make('span', 'percent', '–')
      const bar = make('span', 'bar')
      const button = make(
        'button',
        '',
        make('span', 'digit', String(digit)),
        make('span', 'track', bar),
        percent,
      )
      button.type = 'button'
      button.addEventListener('click', () => onTeach(digit))
      for (const event of ['pointerenter', 'focus']) button.addEventListener(event, () => onPoint(digit))
      for (const event of ['pointerleave', 'blur']) button.addEventListener(event, () => onPoint(undefined))
      list.append(make('li', '', button))
      return { button, bar, percent }
    })
    this.show(undefined)
  }

  /** @param {ArrayLike<number> | undefined} probabilities of the digits, undefined: nothing is drawn */
  show(probabilities) {
    const shares = probabilities === undefined ? undefined : Array.from(probabilities)
    const best = shares === undefined ? -1 : shares.indexOf(Math.max(...shares))
    for (const [digit, { button, bar, percent }] of this.#bars.entries()) {
      const text = shares === undefined ? '–' : `${(100 * shares[digit]).toFixed(1)} %`
      button.disabled = shares === undefined
      button.classList.toggle('best', digit === best)
      button.setAttribute(
        'aria-label',
        shares === undefined ? `${digit}` : `${digit}: ${text}. Teach that it is a ${digit}`,
      )
      bar.style.setProperty('--share', shares === undefined ? '0' : shares[digit].toFixed(4))
      percent.textContent = text
    }
  }
}
