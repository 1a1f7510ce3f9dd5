import { checkFunction, checkObject } from '../base/check.js'
import { otherFitOptions } from '../definition/other-names.js'
import type { State } from '../state/state.js'
import { fit } from './fit.js'
import type { EpochReport, History } from '../state/reports.js'

type Reports = AsyncGenerator<EpochReport, History, undefined>

/** Why a fit was ended whose next report somebody was waiting for. */
const left = new Error('the loop has been left')

/** See Network.epochs: fit, which waits after each epoch until somebody asks for the next. */
export function epochs(state: State, data: unknown, options: unknown = {}): Reports {
  const leaving = { leave: (): void => undefined }
  const reports = walk(state, data, options, leaving)
  // A generator that owes a report does not do what it is told before that has come.
  const telling =
    <Argument, Result>(tell: (argument: Argument) => Result) =>
    (argument: Argument): Result => {
      leaving.leave()
      return tell(argument)
    }
  return Object.assign(reports, {
    return: telling(reports.return.bind(reports)),
    throw: telling(reports.throw.bind(reports)),
  })
}

/** @param leaving is given what ends the fit while its next report is waited for */
async function* walk(state: State, data: unknown, options: unknown, leaving: { leave: () => void }): Reports {
  const given = checkObject('options', options, otherFitOptions)
  const callback = checkFunction('onEpoch', given.onEpoch)
  let deliver: (report?: EpochReport) => void = () => undefined
  let goOn: (isAsked: boolean) => void = () => undefined
  const onEpoch = async (report: EpochReport): Promise<boolean> => {
    const isWanted = (await callback?.(report)) !== false
    const asked = new Promise<boolean>((resolve) => (goOn = resolve))
    deliver(report)
    return (await asked) && isWanted
  }
  const nextReport = (): Promise<EpochReport | undefined> => new Promise((resolve) => (deliver = resolve))
  let next = nextReport()
  const running = state.fitting
  const history = fit(state, data, { ...given, onEpoch })
  // Undefined if it has not begun: what is running then is another one's.
  const stop = state.fitting === running ? undefined : state.fitting
  // Not by a race, in which every report would be kept until the end.
  const end = (): void => deliver()
  history.then(end, end)
  try {
    for (;;) {
      leaving.leave = () => stop?.abort(left)
      const report = await next
      leaving.leave = () => undefined
      if (report === undefined) return await history
      next = nextReport()
      yield report
      goOn(true)
    }
  } catch (error) {
    if (error !== left) throw error
    return undefined as never
  } finally {
    goOn(false)
    // What is still to be closed and written may take as long as it may beyond a time limit.
    stop?.limit(0)
    await history.catch(() => undefined)
  }
}
