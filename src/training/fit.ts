import { disposed } from '../base/well-known-symbols.js'
import { endFitting, restore, useOptimizer, type State } from '../state/state.js'
import { prepareArrays } from './array-course.js'
import { Checkpoint } from './checkpoint.js'
import type { Course } from './course.js'
import { fileAnswer } from './file-answer.js'
import { resolveOptions } from './options.js'
import type { History } from '../state/reports.js'
import { isStream } from './pieces.js'
import { ProgressBar } from './progress.js'
import { reasonOf, Stop, throwIfAborted, TimeUp } from '../platform/stop.js'
import { prepareStream } from './stream-course.js'
import { Training } from './training.js'
import { TURN_MS, Turns } from '../platform/event-loop.js'

/** See Network.fit. */
export async function fit(state: State, data: unknown, options: unknown = {}): Promise<History> {
  if (state.isDisposed) throw disposed('fit')
  const stream = isStream(data) ? data : undefined
  const given = resolveOptions(state.spec, options, stream === undefined)
  // It is ended by the signal that was given, by whoever disposes of the network, and by the time limit.
  const { signal, timeLimit } = given
  const stop = new Stop()
  const abort = (): void => stop.abort(signal && reasonOf(signal))
  const resolved = { ...given, signal: stop }
  const prepared =
    stream === undefined ? prepareArrays(state, data, resolved) : prepareStream(state, stream, resolved)
  if (state.fitting !== undefined) throw new Error('fit: expected a network that is not being fitted')
  if (state.pending > 0) {
    throw new Error('fit: expected no accumulated gradients, call update or zeroGradients first')
  }
  throwIfAborted(signal)
  const { engine } = state
  const { checkpoint, optimizer, regularization } = resolved
  let course: Course | undefined
  let file: Checkpoint | undefined
  state.fitting = stop
  signal?.addEventListener('abort', abort)
  // Until it counts from the first epoch on.
  stop.limit(timeLimit)
  try {
    course = await prepared.begin()
    // Large data have been read and copied, in one piece: whoever gave them may write to their arrays now.
    const turn = new Turns(TURN_MS).pause()
    if (turn !== undefined) await turn
    file = checkpoint && (await stop.race(Checkpoint.at(state, checkpoint, given, prepared)))
    const saved = file && (await fileAnswer(stop, file.read()))
    if (saved !== undefined) restore(state, { ...saved, metadata: state.metadata })
    useOptimizer(state, optimizer)
    engine.setOptimizer(optimizer, regularization)
    const training = new Training(state, course, resolved, prepared.held, file)
    if (saved !== undefined) training.goOn(saved.training)
    if (typeof saved?.pieces === 'string') course.expectPieces?.(saved.pieces)
    if (resolved.progress) course.loop.bar = ProgressBar.create(resolved.epochs)
    return await training.run()
  } catch (error) {
    // Before the first epoch: nothing has been trained.
    if (error instanceof TimeUp) return { epochs: [], ended: 'timeLimit' }
    throw error
  } finally {
    course?.loop.bar?.end()
    course?.end?.()
    file?.release()
    signal?.removeEventListener('abort', abort)
    // Without the last learning rate of a schedule, and without regularisation.
    if (state.optimizer !== undefined) engine.setOptimizer(state.optimizer)
    endFitting(state)
  }
}
