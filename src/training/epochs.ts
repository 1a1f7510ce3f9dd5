import { checkFunction, checkObject } from '../check.js'
import { otherFitOptions } from '../other-names.js'
import type { State } from '../state.js'
import { fit } from './fit.js'
import type { EpochReport, History } from './options.js'

/** See Network.epochs: fit, which waits after each epoch until somebody asks for the next. */
export async function* epochs(
  state: State,
  data: unknown,
  options: unknown = {},
): AsyncGenerator<EpochReport, History, undefined> {
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
  const leave = (): void => goOn(false)
  const history = fit(state, data, { ...given, onEpoch })
  // Not by a race, in which every report would be kept until the end.
  const end = (): void => deliver()
  history.then(end, end)
  // Of its own or its signal, if it has begun: nobody is to wait for a loop that has been left without a word.
  const signal = state.fitting
  signal?.addEventListener('abort', leave)
  try {
    for (;;) {
      const report = await next
      if (report === undefined) return await history
      next = nextReport()
      yield report
      goOn(true)
    }
  } finally {
    leave()
    signal?.removeEventListener('abort', leave)
    await history.catch(() => undefined)
  }
}
