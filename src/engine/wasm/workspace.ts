import { numberBytes, type Floats, type Precision } from '../../base/floats.js'
import type { Architecture } from '../../definition/architecture.js'
import { alternative, type Core } from './core.js'
import { instantiate, kernelsOf } from './instance.js'
import type { Kernels } from './layout.generated.js'
import { layOut } from './memory.js'
import { allocate, FIRST_ADDRESS, PAGE, Reservation } from './reservation.js'
import { WasmEngine } from './wasm.js'
import { batchWork } from '../pace.js'
import { windowRows } from '../window.js'

/**
 * The memory that all small networks of one core compute in:
 *
 *     ┌──────────────────────────────────────────────┬──────────────────────────────┐
 *     │ places                                       │ window, panels, strip        │
 *     └──────────────────────────────────────────────┴──────────────────────────────┘
 *       each: records, parameters, gradients, slots    laid out anew for each place
 *
 * A network holds its numbers in arrays of its own, and takes a place when it computes. There it stays until others have
 * taken all places of its architecture, or the places are used up. Pages that are never touched take no physical memory.
 */
const PLACES_END = 128 * PAGE
const PAGES = 192

/** Networks of one architecture that have a place at the same time. */
const PLACES = 16

/** Multiply-adds of the samples that are staged together, at most: no operation takes long. */
const WINDOW_WORK = 2e7

/** Whoever sits on a place. */
export interface Tenant {
  /** Takes back what has changed; the place is then somebody else's. */
  leave(): void
}

/** Where a network computes. */
export interface Seat {
  readonly engine: WasmEngine
  tenant: Tenant | undefined
  /** whether the place has been given up, and is reserved anew */
  isGone: boolean
}

/** The places for networks of one architecture. */
export interface Ring {
  readonly spec: Architecture
  readonly seats: Seat[]
  next: number
}

const workspaces = new WeakMap<WebAssembly.Module, Workspace>()

export class Workspace {
  /** what the rows in the window are, as Engine.staged */
  staged: object | undefined
  /** the whole memory */
  readonly numbers: Readonly<Record<Precision, Floats>>
  readonly #core: Core
  readonly #memory: WebAssembly.Memory
  readonly #kernels: Readonly<Record<Precision, Kernels>>
  readonly #rings = new Map<string, Ring>()
  #places = new Reservation(FIRST_ADDRESS)

  /** @throws RangeError if the machine has no memory or addresses left */
  private constructor(core: Core) {
    const memory = allocate({ pages: PAGES }, 'own', alternative)
    const exports = instantiate(core.module, memory)
    this.#core = core
    this.#memory = memory
    this.#kernels = { f32: kernelsOf(exports, 'f32'), f64: kernelsOf(exports, 'f64') }
    this.numbers = { f32: new Float32Array(memory.buffer), f64: new Float64Array(memory.buffer) }
  }

  static of(core: Core): Workspace {
    const known = workspaces.get(core.module)
    if (known !== undefined) return known
    const workspace = new Workspace(core)
    workspaces.set(core.module, workspace)
    return workspace
  }

  ringOf(spec: Architecture): Ring {
    const key = keyOf(spec)
    const known = this.#rings.get(key)
    if (known !== undefined) return known
    const ring = { spec, seats: [], next: 0 }
    this.#rings.set(key, ring)
    return ring
  }

  /** A seat that nobody sits on: a new one while there are few, otherwise each in turn. */
  seatOf(ring: Ring): Seat {
    if (ring.seats.length < PLACES) {
      const seat = { engine: this.#reserve(ring.spec), tenant: undefined, isGone: false }
      ring.seats.push(seat)
      return seat
    }
    const seat = ring.seats[ring.next]
    ring.next = (ring.next + 1) % ring.seats.length
    seat.tenant?.leave()
    return seat
  }

  #reserve(spec: Architecture): WasmEngine {
    const engine = this.#tryReserve(spec)
    if (engine !== undefined) return engine
    this.#giveUpPlaces()
    return this.#tryReserve(spec) as WasmEngine
  }

  /** Undefined if the places are used up. */
  #tryReserve(spec: Architecture): WasmEngine | undefined {
    const own = new Reservation(this.#places.end)
    const layout = layOut(spec, 1, rowsOf(spec), { own, shared: new Reservation(PLACES_END) })
    if (own.end > PLACES_END) return undefined
    if (layout.pages > PAGES) throw new Error(`expected at most ${PAGES} pages, got ${layout.pages}`)
    this.#places = own
    const [memory, kernels] = [this.#memory, this.#kernels[spec.precision]]
    return new WasmEngine(spec, undefined, undefined, { core: this.#core, memory, kernels, layout })
  }

  #giveUpPlaces(): void {
    for (const ring of this.#rings.values()) {
      for (const seat of ring.seats) {
        seat.tenant?.leave()
        seat.isGone = true
      }
      ring.seats.length = 0
      ring.next = 0
    }
    new Uint8Array(this.#memory.buffer, FIRST_ADDRESS, this.#places.end - FIRST_ADDRESS).fill(0)
    this.#places = new Reservation(FIRST_ADDRESS)
  }
}

const MOST_UNITS = 64
const MOST_PARAMETERS = 4096
const MOST_LAYERS = 16

/**
 * Whether a network is small enough for a workspace, where it computes on a copy of its numbers.
 *
 * @param parameterCount of the network
 */
export function fitsWorkspace({ inputs, layers }: Architecture, parameterCount: number): boolean {
  if (inputs > MOST_UNITS || layers.length > MOST_LAYERS || parameterCount > MOST_PARAMETERS) return false
  return layers.every(({ units }) => units <= MOST_UNITS)
}

function rowsOf(spec: Architecture): number {
  const { inputs, layers, precision } = spec
  const rowBytes = (inputs + layers[layers.length - 1].units) * numberBytes(precision)
  return Math.min(windowRows(rowBytes), Math.floor(WINDOW_WORK / batchWork(spec).sample))
}

/** The same for networks that compute alike. */
function keyOf({ inputs, layers, loss, precision }: Architecture): string {
  const units = layers.map((layer) => `${layer.units} ${layer.activation.type} ${layer.activation.shape}`)
  return [precision, loss, inputs, ...units].join()
}
