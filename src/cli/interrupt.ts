/**
 * Handles signals while a network trains: Ctrl-C, or a terminal or machine shutting down. The first requests a stop; a
 * second Ctrl-C quits.
 */
import { constants } from 'node:os'
import { watchShell } from './npm-shell.js'

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type Name = (typeof names)[number]

export class Interrupt {
  #first: Name | undefined
  readonly #onFirst: () => void
  readonly #endWatch: () => void

  /** @param onFirst called on the first signal */
  constructor(onFirst: () => void) {
    this.#onFirst = onFirst
    for (const name of names) process.on(name, this.#listener)
    this.#endWatch = watchShell('deltaprop', () => this.#listener('SIGTERM'))
  }

  /** What requested the stop: `Ctrl-C`, `SIGTERM`; undefined if nothing did. */
  get cause(): string | undefined {
    return this.#first === 'SIGINT' ? 'Ctrl-C' : this.#first
  }

  /** The exit code that shells expect after a signal: 128 plus the signal number. */
  get exitCode(): number {
    return exitCode(this.#first ?? 'SIGINT')
  }

  /** Restores the default signal handling. */
  end(): void {
    for (const name of names) process.off(name, this.#listener)
    this.#endWatch()
  }

  /** Re-raises the signal: process.exit would wait for a thread blocked on a hanging file system. */
  #quit(name: Name): void {
    if (process.platform === 'win32') process.exit(exitCode(name))
    this.end()
    process.kill(process.pid, name)
  }

  /** A closing terminal may send two signals, and so may an exiting shell: they count as one. */
  readonly #listener = (name: Name): void => {
    if (this.#first === undefined) {
      this.#first = name
      this.#onFirst()
    } else if (name === 'SIGINT') this.#quit(name)
  }
}

function exitCode(name: Name): number {
  return 128 + constants.signals[name]
}
