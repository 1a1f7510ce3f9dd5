import { restore } from '../formats/saved.js'
import { useOptimizer, type State } from '../state.js'
import { prepareArrays } from './array-course.js'
import { Checkpoint } from './checkpoint.js'
import type { Course } from './course.js'
import { resolveOptions, type History } from './options.js'
import { isStream } from './pieces.js'
import { ProgressBar } from './progress.js'
import { prepareStream } from './stream-course.js'
import { Training } from './training.js'

/** See Network.fit. */
export async function fit(state: State, data: unknown, options: unknown = {}): Promise<History> {
  const stream = isStream(data) ? data : undefined
  const resolved = resolveOptions(state.spec, options, stream === undefined)
  const { samples, held, begin } =
    stream === undefined ? prepareArrays(state, data, resolved) : prepareStream(state, stream, resolved)
  if (state.isFitting) throw new Error('fit: expected a network that is not being fitted')
  if (state.pending > 0) {
    throw new Error('fit: expected no accumulated gradients, call update or zeroGradients first')
  }
  resolved.signal?.throwIfAborted()
  const { engine } = state
  const { checkpoint, optimizer, regularization } = resolved
  let course: Course | undefined
  state.isFitting = true
  try {
    course = await begin()
    const file = checkpoint && (await Checkpoint.at(state, checkpoint, resolved, samples, held?.x.rows))
    const saved = await file?.read()
    if (saved !== undefined) restore(state, { ...saved, metadata: state.metadata })
    useOptimizer(state, optimizer)
    engine.setOptimizer(optimizer, regularization)
    const training = new Training(state, course, resolved, held, file)
    if (saved !== undefined) training.goOn(saved.training)
    if (resolved.progress) course.loop.bar = ProgressBar.create(resolved.epochs)
    return await training.run()
  } finally {
    course?.loop.bar?.end()
    course?.end?.()
    // Without the last learning rate of a schedule, and without regularisation.
    if (state.optimizer !== undefined) engine.setOptimizer(state.optimizer)
    state.isFitting = false
  }
}
