import type { EpochReport } from '../state/reports.js'
import type { ProgressBar, ProgressDisplay, ProgressFeature } from './features.js'

/** As much of process.stderr of Node as is used here. */
interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
  on(event: 'error', listener: () => void): unknown
  off(event: 'error', listener: () => void): unknown
}

/** The least time between two drawings. */
const PAUSE_MS = 100
const CELLS = 16

const feature: ProgressFeature = {
  name: 'progressBar',
  show: (epochs) => {
    const { process } = globalThis as { process?: { stderr?: Terminal } }
    return process?.stderr?.isTTY === true ? new ProgressLine(process.stderr, epochs) : undefined
  },
}

/**
 * For the option `progress` of fit: a line that shows how far training is, on stderr, if that is a terminal.
 *
 * @example
 * import { Network, progressBar } from 'deltaprop'
 * const net = new Network([2, 8, 1], { activation: 'tanh', seed: 1 })
 * await net.fit({ x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0] }, { epochs: 10, progress: progressBar })
 */
export const progressBar: ProgressBar = feature

/** `epoch 3/20 ███░░░ loss 0.0123 validation 0.0145 ETA 00:12` */
class ProgressLine implements ProgressDisplay {
  readonly #terminal: Terminal
  readonly #epochs: number
  readonly #start = performance.now()
  #first: number | undefined
  #drawn = -Infinity
  #line = ''
  #validation = ''
  readonly #ignore = (): void => undefined

  constructor(terminal: Terminal, epochs: number) {
    this.#terminal = terminal
    this.#epochs = epochs
    terminal.on('error', this.#ignore)
  }

  show(epoch: number, share: number, loss: number): void {
    const now = performance.now()
    const done = (epoch - 1 + share) / this.#epochs
    this.#first ??= done
    const cells = Math.min(Math.round(done * CELLS), CELLS)
    const bar = '█'.repeat(cells) + '░'.repeat(CELLS - cells)
    const seconds = ((now - this.#start) * (1 - done)) / (done - this.#first) / 1000
    const time = seconds < 86_400 ? new Date(1000 * seconds).toISOString().slice(11, 19) : undefined
    const left = time === undefined ? '' : ` ETA ${time.replace(/^00:/, '')}`
    this.#line = `epoch ${epoch}/${this.#epochs} ${bar} loss ${loss.toPrecision(4)}${this.#validation}${left}`
    if (now - this.#drawn < PAUSE_MS) return
    this.#drawn = now
    this.#draw()
  }

  report({ epoch, loss, validation }: EpochReport): void {
    if (validation !== undefined) this.#validation = ` validation ${validation.loss.toPrecision(4)}`
    this.show(epoch, 1, loss)
  }

  /** Draws the last state, and moves to the next line. */
  end(): void {
    if (this.#line !== '') {
      this.#draw()
      this.#write('\n')
    }
    // An error of the last write is emitted after this.
    setTimeout(() => this.#terminal.off('error', this.#ignore))
  }

  #draw(): void {
    this.#write(`\r${this.#line.slice(0, (this.#terminal.columns || 80) - 1)}\x1b[K`)
  }

  /** A terminal that is gone does not end training. */
  #write(text: string): void {
    try {
      this.#terminal.write(text)
    } catch {
      // There is nobody to read it.
    }
  }
}
