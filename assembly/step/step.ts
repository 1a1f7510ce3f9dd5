import { barrierWait } from './barrier'
import { errors, errorsStep, sumLosses } from './phase1'
import { forward, gatherInputs } from './forward'
import { errorsOne, errorsOneStep, predictOne } from './single-sample'
import { IS_PACKED } from '../panels/tile'
import { scatterSamples } from '../panels/panel'
import { Network, Report, Thread, layerOf } from './structs'
import { trainRows } from './small-batch'
import { predictSmall, trainSmall } from './small-sample'
import { PANEL, copy, panelLanes, panelsOf } from '../simd'
import { gradients } from './phase2'
import { advance } from './update'
import { updateAll, zeroGradients } from './update-all'

/**
 * Outputs of the first n staged rows, in the staged order.
 *
 *     out  n × outputs   row-major, overwritten
 */
export function predict<T extends number>(net: Network, out: usize, n: usize): void {
  const top = layerOf(net, net.layers - 1)
  if (n == 1) {
    const x = inputsOf<T>(net, 0)
    const a = isSmall<T>(net, 1) ? predictSmall(net, x) : predictOne<T>(net, x)
    return copy<T>(out, a, top.nOut)
  }
  for (let first: usize = 0; first < n; first += net.chunk) {
    const count = min(n - first, net.chunk)
    const panels = panelsOf<T>(count)
    gatherInputs<T>(net, net.order + first * sizeof<u32>(), count, 0, panels)
    forward<T>(net, first, count, 0, panels, false)
    for (let p: usize = 0; p < panels; ++p) {
      const samples = min(count - p * panelLanes<T>(), panelLanes<T>())
      scatterSamples<T>(out, top.a + p * top.nOut * PANEL, samples, top.nOut)
      out += samples * top.nOut * sizeof<T>()
    }
  }
}

/** The outputs for the first staged row; returns where they are, side by side. */
export function predictSample<T extends number>(net: Network): usize {
  if (isSmall<T>(net, 1)) return predictSmall(net, net.x)
  return predictOne<T>(net, net.x)
}

/**
 * A step on the first staged row, without weights, dropout or regularisation, when a single thread trains; not taken
 * if its loss is not finite. Returns the loss.
 */
export function trainSample<T extends number>(net: Network, thread: Thread): f64 {
  assert(thread.count == 1 && !net.isWeighted && !net.drops && !net.regularization.isActive)
  if (isSmall<T>(net, 1)) return trainSmall(net, thread, net.x, net.y, 1)
  errorsOne<T>(net, net.x, net.y)
  const sampleLoss = sumLosses<T>(net, 1)
  if (!isFinite(sampleLoss)) return sampleLoss
  advance(thread.optimizer)
  gradients<T>(net, thread, 1, true, true, 1)
  return sampleLoss
}

/** The summed loss (34) of the first n staged rows. */
export function loss<T extends number>(net: Network, thread: Thread, n: usize): f64 {
  let total: f64 = 0
  for (let s: usize = 0; s < n; s += net.chunk) {
    const count = min(n - s, net.chunk)
    errors<T>(net, thread, s, count, false)
    total += sumLosses<T>(net, count)
  }
  return total
}

/**
 * Adds the gradients (35) of the first n staged rows, in the staged order; returns total plus their summed loss (34).
 */
export function accumulate<T extends number>(net: Network, thread: Thread, n: usize, total: f64): f64 {
  return accumulateRange<T>(net, thread, 0, n, total)
}

/**
 * Trains on n staged rows, starting with row `start`, in the staged order, with one update per batch; the last batch is
 * whatever is left. All threads of a network call it with the same arguments, but each with its own record and report.
 *
 *     report               overwritten; total is the loss before this call
 *     start                a multiple of batch
 *     pending              samples whose gradients have already been accumulated; they count towards the first batch
 *     byMean               divide the gradients by the number of samples in the batch
 *     scheduled            take the learning rate of each batch from net.rates, whose first entry is for row 0
 *
 * It stops before the update of a batch whose loss is not finite; accumulated gradients are zeroed then too.
 */
export function train<T extends number>(
  net: Network,
  thread: Thread,
  report: Report,
  start: usize,
  n: usize,
  batch: usize,
  pending: usize,
  byMean: bool,
  scheduled: bool,
  total: f64,
): void {
  assert(batch > 0)
  const end = start + n
  let done: f64 = 0
  for (let first = start; first < end; first += batch) {
    const count = min(batch, end - first)
    if (scheduled) thread.optimizer.learningRate = load<f64>(net.rates + (first / batch) * sizeof<f64>())
    const scale: f64 = byMean ? 1 / <f64>(pending + count) : 1
    let batchLoss: f64
    if (pending == 0 && count <= net.chunk && !net.regularization.isActive) {
      const isPlain = !net.isWeighted && !net.drops
      if (isPlain && isSmall<T>(net, count)) {
        const order = net.order + first * sizeof<u32>()
        if (count == 1)
          batchLoss = trainSmall(net, thread, inputsOf<T>(net, first), targetsOf<T>(net, first), scale)
        else batchLoss = trainRows(net, thread, order, count, scale)
        total += batchLoss
        if (!isFinite(batchLoss)) break
        done += 1
        continue
      }
      const isVector = count == 1 && isPlain
      if (!isVector) errors<T>(net, thread, first, count, true)
      else if (thread.index == 0) errorsOne<T>(net, inputsOf<T>(net, first), targetsOf<T>(net, first))
      barrierWait(thread)
      batchLoss = sumLosses<T>(net, count)
      if (isFinite(batchLoss)) {
        advance(thread.optimizer)
        gradients<T>(net, thread, count, isVector, true, scale)
      }
      barrierWait(thread)
    } else {
      batchLoss = accumulateRange<T>(net, thread, first, count, 0)
      if (isFinite(batchLoss)) updateAll<T>(net, thread, scale)
      else zeroGradients<T>(net, thread)
      barrierWait(thread)
      pending = 0
    }
    total += batchLoss
    if (!isFinite(batchLoss)) break
    done += 1
  }
  report.loss = total
  report.batches = done
}

/**
 * One step of phase 1, see errorsStep, when a single thread trains. `isVector`: for one sample, as in errorsOne, which
 * is not split into panels.
 */
export function errorsPart<T extends number>(
  net: Network,
  thread: Thread,
  step: usize,
  first: usize,
  n: usize,
  begin: usize,
  end: usize,
  backward: bool,
  isVector: bool,
): void {
  if (isVector) errorsOneStep<T>(net, step, inputsOf<T>(net, first), targetsOf<T>(net, first))
  else errorsStep<T>(net, thread, step, first, n, begin, end, backward)
}

/** Whether a batch takes the way of small networks, which exists for f32 alone, and not for packed weights. */
// @ts-ignore: decorator
@inline
function isSmall<T extends number>(net: Network, batch: usize): bool {
  return sizeof<T>() == 4 && !IS_PACKED && batch <= net.smallBatch
}

/** The staged inputs of the i-th sample. */
function inputsOf<T extends number>(net: Network, i: usize): usize {
  return net.x + rowOf(net, i) * layerOf(net, 0).nIn * sizeof<T>()
}

/** The staged targets of the i-th sample. */
function targetsOf<T extends number>(net: Network, i: usize): usize {
  return net.y + rowOf(net, i) * layerOf(net, net.layers - 1).nOut * sizeof<T>()
}

function rowOf(net: Network, i: usize): usize {
  return <usize>load<u32>(net.order + i * sizeof<u32>())
}

function accumulateRange<T extends number>(
  net: Network,
  thread: Thread,
  first: usize,
  n: usize,
  total: f64,
): f64 {
  for (let s: usize = 0; s < n; s += net.chunk) {
    const count = min(n - s, net.chunk)
    errors<T>(net, thread, first + s, count, true)
    barrierWait(thread)
    total += sumLosses<T>(net, count)
    gradients<T>(net, thread, count, false, false, 0)
    barrierWait(thread)
  }
  return total
}
