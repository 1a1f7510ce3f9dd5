import type { LayerTrace } from '../engine/engine.js'
import type { Floats } from '../base/floats.js'
import type { Spec } from '../definition/spec.js'

/**
 * Every quantity of the derivation for one sample, layer by layer from the first; copies, in the network's precision.
 * `String(trace)` prints it, with the numbers of the equations.
 */
export class Trace {
  /** C of (33), or the loss that was chosen */
  readonly loss: number
  readonly layers: readonly LayerTrace[]
  readonly #spec: Spec
  readonly #y: Floats

  constructor(spec: Spec, y: Floats, loss: number, layers: readonly LayerTrace[]) {
    this.#spec = spec
    this.#y = y
    this.loss = loss
    this.layers = layers
  }

  /** The derivation with these numbers, the equations with their numbers. */
  toString(): string {
    return [...this.#forward(), ...this.#loss(), ...this.#backward()].join('\n')
  }

  *#forward(): Generator<string> {
    yield 'Forward'
    for (const [l, { inputs, z, a, sigmaPrime }] of this.layers.entries()) {
      const { units, activation } = this.#spec.layers[l]
      yield `  layer ${l + 1}: ${inputs.length} → ${units} ${activation.type}`
      yield line('(38)', 'a_h', vector(inputs))
      yield line('(F1)', 'z = w·a_h + b', vector(z))
      yield line('(F2)', 'a = σ(z)', vector(a))
      if (sigmaPrime.length === units) yield line('(41)', 'σ′(z)', vector(sigmaPrime))
      else yield* matrix('(41)', '∂a/∂z', sigmaPrime, units)
    }
  }

  *#loss(): Generator<string> {
    const { loss } = this.#spec
    yield 'Loss'
    yield line('', 'y', vector(this.#y))
    yield line(
      loss === 'halfSquared' ? '(33)' : '',
      loss === 'halfSquared' ? 'C = ½‖y − o‖²' : `C, ${loss}`,
      number(this.loss),
    )
  }

  *#backward(): Generator<string> {
    yield 'Backward'
    for (const [l, { inputs, sigmaPrime, dC_da, dC_dz, gradW, gradB }] of [
      ...this.layers.entries(),
    ].reverse()) {
      const { units } = this.#spec.layers[l]
      const isOutput = l === this.layers.length - 1
      const isVector = sigmaPrime.length === units
      yield `  layer ${l + 1}`
      if (!isOutput) yield line('(45)', '∂C/∂a = wᵀ·∂C/∂z′', vector(dC_da))
      else yield line('', this.#spec.loss === 'halfSquared' ? '∂C/∂a = o − y' : '∂C/∂a', vector(dC_da))
      const product = isVector ? 'σ′(z) ⊙ ∂C/∂a' : '∂a/∂z · ∂C/∂a'
      yield line(isOutput ? '(60)' : '(59)', `∂C/∂z = ${product}`, vector(dC_dz))
      yield* matrix('(61)', '∇w = ∂C/∂z · a_hᵀ', gradW, inputs.length)
      yield line('(64)', '∇b = ∂C/∂z', vector(gradB))
    }
  }
}

/** Numbers of a line that are printed; of a longer one, the first. */
const SHOWN = 6

const NUMBER_WIDTH = 12

function line(equation: string, name: string, value: string): string {
  return `    ${equation.padEnd(5)} ${name.padEnd(24)} ${value}`.trimEnd()
}

function vector(values: Floats): string {
  const shown = Array.from(values.subarray(0, SHOWN), number)
  return `[${[...shown, ...rest(values.length)].join(' ').trimEnd()}]`
}

function* matrix(equation: string, name: string, values: Floats, columns: number): Generator<string> {
  const rows = values.length / columns
  for (let j = 0; j < Math.min(rows, SHOWN); ++j) {
    const row = vector(values.subarray(j * columns, (j + 1) * columns))
    yield j === 0 ? line(equation, name, row) : line('', '', row)
  }
  for (const more of rest(rows)) yield line('', '', `${more} rows`)
}

function rest(count: number): string[] {
  return count > SHOWN ? [`… ${count - SHOWN} more`] : []
}

function number(value: number): string {
  const isSmall = value !== 0 && Math.abs(value) < 1e-4
  const text = isSmall ? value.toExponential(5) : value.toPrecision(6)
  return ((value < 0 ? '' : ' ') + text).padEnd(NUMBER_WIDTH)
}
