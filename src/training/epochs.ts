import { checkFunction, checkObject } from '../base/check.js'
import { otherFitOptions } from '../definition/other-names.js'
import type { EpochReport, History } from '../state/reports.js'
import type { State } from '../state/state.js'
import type { AbortFlag } from '../platform/abort.js'
import { fit } from './fit.js'

type Reports = AsyncGenerator<EpochReport, History, undefined>

/** Ends a fit whose next report is being waited for. */
const left = new Error('the loop has been left')

/**
 * See Network.epochs. This is a fit whose onEpoch waits until the next report is asked for, not a generator that fit
 * would be made of: while nobody asks, the fit must still end with its signal, its time limit and its network; and to
 * be consumed from one would cost every fit some 125 ns an epoch (measured), an eighth of one of four samples.
 */
export function epochs(state: State, data: unknown, options: unknown = {}): Reports {
  const leaving = { leave: (): void => undefined }
  const reports = walk(state, data, options, leaving)
  // While a report is awaited, a generator would not return or throw before it came.
  const leavingFirst =
    <Argument, Result>(end: (argument: Argument) => Result) =>
    (argument: Argument): Result => {
      leaving.leave()
      return end(argument)
    }
  return Object.assign(reports, {
    return: leavingFirst(reports.return.bind(reports)),
    throw: leavingFirst(reports.throw.bind(reports)),
  })
}

/** @param leaving gets a function that ends the fit while its next report is being waited for */
async function* walk(state: State, data: unknown, options: unknown, leaving: { leave: () => void }): Reports {
  const given = checkObject('options', options, otherFitOptions)
  const callback = checkFunction('onEpoch', given.onEpoch)
  const channel = new ReportChannel()
  const onEpoch = async (report: EpochReport): Promise<boolean> => {
    const isWanted = (await callback?.(report)) !== false
    return (await channel.offer(report)) && isWanted
  }
  // Undefined if this fit has not begun: another one is running.
  let flag = undefined as AbortFlag | undefined
  const history = fit(state, data, { ...given, onEpoch }, (own) => (flag = own))
  history.then(channel.close, channel.close)
  try {
    for (;;) {
      leaving.leave = () => flag?.abort(left)
      const report = await channel.next
      leaving.leave = () => undefined
      if (report === undefined) return await history
      yield report
      channel.ask()
    }
  } catch (error) {
    if (error !== left) throw error
    return undefined as never
  } finally {
    channel.refuse()
    // What is still to be closed and written has the time that it would have beyond a time limit.
    flag?.limit(0)
    await history.catch(() => undefined)
  }
}

/** Passes reports one at a time: the fit waits until the next is asked for. */
class ReportChannel {
  /** the next report; undefined after the last */
  next!: Promise<EpochReport | undefined>
  #deliver!: (report?: EpochReport) => void
  #answer: (isAsked: boolean) => void = () => undefined

  constructor() {
    this.#expect()
  }

  /** @returns whether the next one is asked for, when that is known */
  offer(report: EpochReport): Promise<boolean> {
    const asked = new Promise<boolean>((resolve) => (this.#answer = resolve))
    this.#deliver(report)
    this.#expect()
    return asked
  }

  /** Asks for the next report. */
  ask(): void {
    this.#answer(true)
  }

  /** Asks for no more. */
  refuse(): void {
    this.#answer(false)
  }

  /** There are no more. Called when fit ends, not raced with every report: the race would keep them all until then. */
  readonly close = (): void => this.#deliver()

  #expect(): void {
    this.next = new Promise((resolve) => (this.#deliver = resolve))
  }
}
