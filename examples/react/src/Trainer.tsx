import { adam } from 'deltaprop'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { Boundary } from './Boundary.js'
import { Choice } from './Choice.js'
import { LossCurve } from './LossCurve.js'
import { useIsDark } from './palette.js'
import { makePoints, shapes, type Points, type Shape } from './points.js'
import { Slider } from './Slider.js'
import { useNetwork } from './useNetwork.js'

const EPOCHS = 200
const POINTS = 400
const activations = ['gelu', 'relu', 'tanh'] as const

/** A network that learns to tell points apart, and what can be turned about it. */
export function Trainer() {
  const [shape, setShape] = useState<Shape>('spirals')
  const [noise, setNoise] = useState(0.03)
  const [units, setUnits] = useState(16)
  const [layers, setLayers] = useState(2)
  const [rate, setRate] = useState(-2.25)
  const [activation, setActivation] = useState<(typeof activations)[number]>('gelu')
  const [seed, setSeed] = useState(1)
  /** counts how often training was asked for */
  const [run, setRun] = useState(0)
  const isDark = useIsDark()

  const points = useMemo(() => makePoints(shape, POINTS, noise, 1), [shape, noise])
  const tests = useMemo(() => makePoints(shape, POINTS, noise, 2), [shape, noise])
  const hidden = Array.from({ length: layers }, () => units)
  const [session, progress] = useNetwork([2, ...hidden, 1], {
    activation: { hidden: activation, output: 'sigmoid' },
    loss: 'binaryCrossEntropy',
    seed,
  })

  useEffect(() => {
    if (session === undefined) return
    const optimizer = adam({ learningRate: 10 ** rate })
    // It takes less than a millisecond: one for each frame is seen to make progress.
    const onEpoch = nextFrame
    void session.train(points, { epochs: EPOCHS, batchSize: 16, optimizer, onEpoch })
    return () => session.stop()
  }, [session, points, rate, run])

  // A new function when there is something new to predict with.
  const predict = useCallback((x: Float32Array) => session?.predict(x), [session, progress])
  const { isTraining, losses, error } = progress
  const loss = losses.at(-1)

  return (
    <div className="trainer" data-training={isTraining}>
      <Boundary {...{ points, isDark, predict }} />
      <div className="panel">
        <dl>
          <div>
            <dt>epochs</dt>
            <dd data-testid="epochs">{losses.length}</dd>
          </div>
          <div>
            <dt>loss</dt>
            <dd data-testid="loss">{loss === undefined ? '–' : loss.toPrecision(4)}</dd>
          </div>
          <div>
            <dt>of new points, right</dt>
            <dd data-testid="accuracy">{percent(accuracy(tests, predict(tests.x)))}</dd>
          </div>
        </dl>
        <LossCurve losses={losses} />
        {error !== undefined && (
          <p role="alert">{error instanceof Error ? error.message : 'The training has failed.'}</p>
        )}

        <Choice legend="Points" names={shapes} value={shape} onChange={setShape} />
        <Choice legend="Activation" names={activations} value={activation} onChange={setActivation} />
        <Slider label="Noise" value={noise} min={0} max={0.15} step={0.01} onChange={setNoise} />
        <Slider label="Hidden layers" value={layers} min={1} max={4} step={1} onChange={setLayers} />
        <Slider label="Neurons in each" value={units} min={2} max={32} step={1} onChange={setUnits} />
        <Slider
          label="Learning rate"
          {...{ value: rate, min: -4, max: -1, step: 0.25, onChange: setRate }}
          text={(10 ** rate).toPrecision(2)}
        />
        <div className="buttons">
          {isTraining ? (
            <button type="button" onClick={() => session?.stop()}>
              Stop
            </button>
          ) : (
            <button type="button" className="primary" onClick={() => setRun(run + 1)}>
              Train on
            </button>
          )}
          <button type="button" onClick={() => setSeed(seed + 1)}>
            Start over
          </button>
        </div>
      </div>
    </div>
  )
}

/** The share of points that are taken for what they are; undefined as long as there is no network. */
function accuracy({ y }: Points, probabilities: Float32Array | undefined): number | undefined {
  return probabilities && y.filter((kind, i) => kind === (probabilities[i] < 0.5 ? 0 : 1)).length / y.length
}

function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(100 * share).toFixed(1)} %`
}

function nextFrame(): Promise<unknown> {
  return new Promise((resolve) => requestAnimationFrame(resolve))
}
