/** Trains with a progress bar until all fits are done or a signal ends them. */
import { startBar } from './bar.js'
import { duration } from './format-numbers.js'
import { Interrupt } from './interrupt.js'

/** Starts the bar, of so many steps; returns what counts one, given what to say of it. */
type Start = (total: number) => (text: string) => void

/**
 * @param run is given the signal that ends it, and what starts the bar
 * @returns undefined if a signal ended it, which has been reported, and set as the exit code
 */
export async function watchFits<T>(
  run: (signal: AbortSignal, start: Start) => Promise<T>,
): Promise<T | undefined> {
  const controller = new AbortController()
  const interrupt = new Interrupt(() => controller.abort())
  let stop = (): void => undefined
  const start: Start = (total) => {
    const bar = startBar(total)
    stop = () => bar.stop()
    const started = performance.now()
    let done = 0
    return (text) => {
      done += 1
      const left = ((performance.now() - started) / 1000 / done) * (total - done)
      bar.update(done, `${text}  ${duration(left)} left`)
    }
  }
  try {
    return await run(controller.signal, start)
  } catch (error) {
    if (interrupt.cause === undefined) throw error
    stop()
    process.stderr.write(`deltaprop: ended by ${interrupt.cause}\n`)
    process.exitCode ??= interrupt.exitCode
    return undefined
  } finally {
    stop()
    interrupt.end()
  }
}
