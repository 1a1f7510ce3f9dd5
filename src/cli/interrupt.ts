/** Ctrl-C while a network trains: the first one asks for an end, the second one quits. */

/** What a shell expects of a run that Ctrl-C ended: 128 and the number of the signal. */
export const INTERRUPTED = 130

export class Interrupt {
  #isAsked = false
  readonly #onFirst: () => void

  /** @param onFirst called when the first one comes */
  constructor(onFirst: () => void) {
    this.#onFirst = onFirst
    process.on('SIGINT', this.#listener)
  }

  /** Whether the end is asked for. */
  get isAsked(): boolean {
    return this.#isAsked
  }

  /** From now on Ctrl-C does what it always does. */
  end(): void {
    process.off('SIGINT', this.#listener)
  }

  /** By the signal itself, which a shell takes for the same: process.exit would wait for a thread in which a file system hangs. */
  #quit(): void {
    if (process.platform === 'win32') process.exit(INTERRUPTED)
    this.end()
    process.kill(process.pid, 'SIGINT')
  }

  readonly #listener = (): void => {
    if (this.#isAsked) this.#quit()
    this.#isAsked = true
    this.#onFirst()
  }
}
