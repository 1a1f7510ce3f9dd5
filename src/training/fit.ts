import { disposed } from '../base/well-known-symbols.js'
import { AbortFlag, reasonOf, throwIfAborted, TimeUp } from '../platform/abort.js'
import { TURN_MS, Turns } from '../platform/event-loop.js'
import { endStaging } from '../engine/window.js'
import type { History } from '../state/reports.js'
import { endFitting, useOptimizer, type State } from '../state/state.js'
import { ArrayData } from './array-source.js'
import type { Checkpoint, ProgressDisplay } from './features.js'
import { resolveOptions } from './options.js'
import { areMade, type SampleSource } from './sample-source.js'
import { Training } from './training.js'

/**
 * See Network.fit.
 *
 * @param begun told of what ends the fit, once it is the one that is running
 */
export async function fit(
  state: State,
  data: unknown,
  options: unknown = {},
  begun?: (flag: AbortFlag) => void,
): Promise<History> {
  const made = areMade(data) ? data : undefined
  const settings = resolveOptions(state.spec, options, made?.name !== 'stream')
  // The fit is ended by the caller's signal, by disposing of the network, and by the time limit.
  const { signal, timeLimit, checkpoint, optimizer, regularization } = settings
  const flag = new AbortFlag()
  const abort = (): void => flag.abort(signal && reasonOf(signal))
  const running = { ...settings, signal: flag }
  const trainingData = made?.trainingData(state, running) ?? new ArrayData(state, data, running)
  throwIfAborted(signal)
  // Reading all this may have run code of the caller's, a getter's or a maker's.
  if (state.isDisposed) throw disposed('fit')
  if (state.fitting !== undefined) throw new Error('fit: expected a network that is not being fitted')
  if (state.pending > 0) {
    throw new Error('fit: expected no accumulated gradients, call update or zeroGradients first')
  }
  const { engine } = state
  let source: SampleSource | undefined
  let file: Checkpoint | undefined
  let display: ProgressDisplay | undefined
  state.fitting = flag
  begun?.(flag)
  endStaging()
  engine.hold?.()
  // While workers start; it counts anew from the first epoch.
  flag.limit(timeLimit)
  try {
    signal?.addEventListener('abort', abort)
    source = await trainingData.open()
    flag.limit(timeLimit)
    // Reading and copying large data takes long. The caller may write to the arrays now.
    const turn = new Turns(TURN_MS).pause()
    if (turn !== undefined) await turn
    file = checkpoint && (await flag.race(checkpoint.open(state, settings, trainingData)))
    const saved = file && (await file.resume(flag))
    useOptimizer(state, optimizer)
    engine.setOptimizer(optimizer, regularization)
    display = running.progress?.show(running.epochs)
    const training = new Training(state, source, running, trainingData.validationSet, file, display)
    saved?.restore(training.progress)
    if (saved?.pieces !== undefined) source.expectPieces?.(saved.pieces)
    return await training.run()
  } catch (error) {
    // Before the first epoch: nothing has been trained.
    if (error instanceof TimeUp) return { epochs: [], ended: 'timeLimit' }
    throw error
  } finally {
    display?.end()
    source?.end?.()
    file?.release()
    signal?.removeEventListener('abort', abort)
    // Without the last learning rate of a schedule, and without regularisation.
    if (state.optimizer !== undefined) engine.setOptimizer(state.optimizer)
    engine.letGo?.()
    endFitting(state)
  }
}
