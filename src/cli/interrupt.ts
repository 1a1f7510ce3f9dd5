/** Signals while a network trains: Ctrl-C, the end of a terminal or of a machine. The first asks for an end; Ctrl-C again quits. */
import { constants } from 'node:os'

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type Name = (typeof names)[number]

export class Interrupt {
  #first: Name | undefined
  readonly #onFirst: () => void

  /** @param onFirst called when the first one comes */
  constructor(onFirst: () => void) {
    this.#onFirst = onFirst
    for (const name of names) process.on(name, this.#listener)
  }

  /** What has asked for the end: `Ctrl-C`, `SIGTERM`; undefined: nothing. */
  get cause(): string | undefined {
    return this.#first === 'SIGINT' ? 'Ctrl-C' : this.#first
  }

  /** What a shell expects of a run that it has ended: 128 and the number of the signal. */
  get exitCode(): number {
    return exitCode(this.#first ?? 'SIGINT')
  }

  /** From now on signals do what they always do. */
  end(): void {
    for (const name of names) process.off(name, this.#listener)
  }

  /** By the signal itself: process.exit would wait for a thread in which a file system hangs. */
  #quit(name: Name): void {
    if (process.platform === 'win32') process.exit(exitCode(name))
    this.end()
    process.kill(process.pid, name)
  }

  /** A terminal that closes may send two signals, and so may a shell that ends: those are one. */
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
