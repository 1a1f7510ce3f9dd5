import type { EpochReport, FitData, FitOptions, Network, Samples } from 'deltaprop'

/** How far a training is. */
export interface Progress {
  readonly isTraining: boolean
  /** one for each epoch that the network was trained for */
  readonly losses: readonly number[]
  /** what the last training failed with, if it did */
  readonly error: unknown
}

/** Before there is a network. */
export const nothing: Progress = { isTraining: false, losses: [], error: undefined }

/**
 * A network, its training, and whoever wants to know how far that is. They are told at most once a frame: a small network has a
 * hundred epochs in a frame, and nobody sees a hundred pictures.
 */
export class Session {
  readonly #net: Network
  readonly #listeners = new Set<() => void>()
  readonly #losses: number[] = []
  #isTraining = false
  #error: unknown
  #progress = nothing
  #frame = 0
  #training = new AbortController()
  /** of the training before, which never rejects: a network is fitted once at a time */
  #ended = Promise.resolve()
  #isDisposed = false

  constructor(net: Network) {
    this.#net = net
    // In the browser's performance panel, beside the frames.
    performance.mark('network made')
  }

  /** For useSyncExternalStore: `listener` is called until the function that is returned is. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The same object until something has changed. */
  readonly progress = (): Progress => this.#progress

  /** The outputs of samples; undefined once this is disposed of, which may be a moment before React renders without it. */
  predict(x: Samples): Float32Array | undefined {
    return this.#isDisposed ? undefined : Float32Array.from(this.#net.predict(x))
  }

  /**
   * Trains, in the place of what it may be training now.
   *
   * @returns settled when that has ended, also by an error, which is part of the progress
   */
  train(data: FitData, options: FitOptions): Promise<void> {
    this.stop()
    this.#training = new AbortController()
    this.#ended = this.#fit(this.#ended, data, options, this.#training.signal)
    return this.#ended
  }

  /** The network stays that of the last whole epoch. */
  stop(): void {
    this.#training.abort()
    this.#tell(false)
  }

  /** Ends what is trained and gives the memory back. */
  dispose(): void {
    this.#isDisposed = true
    this.#training.abort()
    cancelAnimationFrame(this.#frame)
    this.#net.dispose()
    performance.mark('network gone')
  }

  async #fit(ended: Promise<void>, data: FitData, options: FitOptions, signal: AbortSignal): Promise<void> {
    await ended
    const isStopped = (): boolean => signal.aborted
    if (isStopped()) return
    const onEpoch = (report: EpochReport): unknown => {
      this.#losses.push(report.loss)
      // The epoch in which it is stopped may come to its end.
      this.#tell(!isStopped())
      return options.onEpoch?.(report)
    }
    try {
      this.#tell(true)
      await this.#net.fit(data, { ...options, onEpoch, signal })
      if (!isStopped()) this.#tell(false)
    } catch (error) {
      if (!isStopped()) this.#tell(false, error)
    }
  }

  #tell(isTraining: boolean, error?: unknown): void {
    this.#isTraining = isTraining
    this.#error = error
    if (this.#frame !== 0 || this.#isDisposed) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#progress = {
        isTraining: this.#isTraining,
        losses: this.#losses.slice(),
        error: this.#error,
      }
      for (const listener of this.#listeners) listener()
    })
  }
}
