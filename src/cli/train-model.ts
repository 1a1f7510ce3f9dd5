/** Trains with a progress bar until training is done or a signal interrupts it. */
import type { EpochReport, History } from '../index.js'
import type { Model, ModelFitOptions } from '../model/index.js'
import { messageOf } from '../base/thrown.js'
import { showFile, writeWhole } from './files.js'
import { Interrupt } from './interrupt.js'
import { duration, short } from './format-numbers.js'
import { startBar, type Bar } from './bar.js'
import { asData } from '../scoring/rows.js'
import type { Rows } from '../scoring/json-table.js'

/** The result of training. */
export interface Trained {
  readonly history: History
  /** the number of epochs restored from a checkpoint */
  readonly restoredEpochs: number
  readonly interruption: Interruption | undefined
  readonly seconds: number
}

/** What ended training early. */
export interface Interruption {
  /** `Ctrl-C`, or the name of a signal */
  readonly cause: string
  readonly exitCode: number
}

/**
 * @param out where the model of the last good epoch is saved if training fails
 * @param onStart called once signal handlers are installed
 * @param save called when training is done, while signals are still handled
 */
export async function trainModel(
  model: Model,
  rows: Rows,
  options: ModelFitOptions & { readonly epochs: number },
  out: string,
  onStart: () => void,
  save: (history: History) => Promise<void>,
): Promise<Trained> {
  const { epochs } = options
  let bar: Bar | undefined
  let [done, finished] = [0, 0]
  let isTrained = false
  const interrupt = new Interrupt(() => {
    bar?.stop()
    const what = isTrained ? 'saving what is trained' : 'ending after this epoch'
    process.stderr.write(`${what}; Ctrl-C${interrupt.cause === 'Ctrl-C' ? ' again' : ''} quits at once\n`)
  })
  try {
    onStart()
    bar = startBar(epochs)
    const started = performance.now()
    const seconds = (): number => (performance.now() - started) / 1000
    const history = await model.fit(asData(rows), {
      ...options,
      onEpoch: (report) => {
        done += 1
        finished = report.epoch
        if (interrupt.cause !== undefined) return false
        const left = (seconds() / done) * (epochs - finished)
        bar?.update(finished, epochLine(report, epochs, left))
        return true
      },
    })
    const { cause, exitCode } = interrupt
    isTrained = true
    const trained = {
      history,
      restoredEpochs: history.epochs.length - done,
      interruption: cause !== undefined && history.ended === 'onEpoch' ? { cause, exitCode } : undefined,
      seconds: seconds(),
    }
    await save(history)
    return trained
  } catch (error) {
    if (done === 0 || isTrained) throw error
    // The weights are those of the last good epoch. If saving them fails too, both errors are reported.
    const saved = await writeWhole(out, model.toBytes()).then(
      () => `${showFile(out)} has the model of epoch ${finished}`,
      messageOf,
    )
    throw new Error(`${messageOf(error)}; ${saved}`, { cause: error })
  } finally {
    bar?.stop()
    interrupt.end()
  }
}

/** `epoch 12/200  loss 0.1234  validation 0.1321  8.12 s left` */
function epochLine({ epoch, loss, validation }: EpochReport, epochs: number, left: number): string {
  return [
    `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`,
    `loss ${short(loss)}`,
    ...(validation === undefined ? [] : [`validation ${short(validation.loss)}`]),
    `${duration(left)} left`,
  ].join('  ')
}
