import type { EpochReport } from '../state/reports.js'

/** What process.stderr of Node has, as far as it is used here. */
interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
  on(event: 'error', listener: () => void): unknown
  off(event: 'error', listener: () => void): unknown
}

/** Milliseconds from one drawing to the next, at least. */
const PAUSE_MS = 100
const CELLS = 16

/** A line of the terminal that says how far training is: `epoch 3/20 ███░░░ loss 0.0123 validation 0.0145 ETA 00:12`. */
export class ProgressBar {
  readonly #terminal: Terminal
  readonly #epochs: number
  readonly #start = performance.now()
  #first: number | undefined
  #drawn = -Infinity
  #line = ''
  #validation = ''
  readonly #ignore = (): void => undefined

  private constructor(terminal: Terminal, epochs: number) {
    this.#terminal = terminal
    this.#epochs = epochs
    terminal.on('error', this.#ignore)
  }

  /** Undefined where stderr is no terminal. */
  static create(epochs: number): ProgressBar | undefined {
    const { process } = globalThis as { process?: { stderr?: Terminal } }
    return process?.stderr?.isTTY === true ? new ProgressBar(process.stderr, epochs) : undefined
  }

  /**
   * @param epoch that is being trained, from 1 on
   * @param share of it that is done; 0 if that is not known
   * @param loss mean over the samples so far
   */
  show(epoch: number, share: number, loss: number, now = performance.now()): void {
    const done = (epoch - 1 + share) / this.#epochs
    this.#first ??= done
    const cells = Math.min(Math.round(done * CELLS), CELLS)
    const bar = '█'.repeat(cells) + '░'.repeat(CELLS - cells)
    const seconds = ((now - this.#start) * (1 - done)) / (done - this.#first) / 1000
    const time = seconds < 86_400 ? new Date(1000 * seconds).toISOString().slice(11, 19) : undefined
    const left = time === undefined ? '' : ` ETA ${time.replace(/^00:/, '')}`
    this.#line = `epoch ${epoch}/${this.#epochs} ${bar} loss ${loss.toPrecision(4)}${this.#validation}${left}`
    if (now - this.#drawn >= PAUSE_MS) this.#draw(now)
  }

  /** Shows an epoch that is done. */
  report({ epoch, loss, validation }: EpochReport): void {
    if (validation !== undefined) this.#validation = ` validation ${validation.loss.toPrecision(4)}`
    this.show(epoch, 1, loss)
  }

  /** Leaves the last state, and the cursor in the next line. */
  end(): void {
    if (this.#line !== '') {
      this.#draw(0)
      this.#write('\n')
    }
    // That the last line could not be written is told after this.
    setTimeout(() => this.#terminal.off('error', this.#ignore))
  }

  #draw(now: number): void {
    this.#drawn = now
    this.#write(`\r${this.#line.slice(0, (this.#terminal.columns || 80) - 1)}\x1b[K`)
  }

  /** A terminal that is gone is no reason not to train. */
  #write(text: string): void {
    try {
      this.#terminal.write(text)
    } catch {
      // Nobody reads it.
    }
  }
}
