import { numberBytes, type Floats, type Precision } from '../../base/floats.js'
import type { Architecture } from '../../definition/architecture.js'
import { alternative, type Core } from './core.js'
import { instantiate, kernelsOf } from './instance.js'
import type { Kernels } from './layout.generated.js'
import { layOut } from './memory.js'
import { allocate, FIRST_ADDRESS, PAGE, Reservation } from './reservation.js'
import { WasmEngine, type GuestEngine } from './wasm.js'
import { batchWork } from '../pace.js'
import { windowRows } from '../window.js'

/**
 * The memory that all small networks of one core compute in:
 *
 *     ┌───────────────────────────────────────────────────────────┬──────────────────────────────┐
 *     │ seats                                                     │ window, panels, strip        │
 *     └───────────────────────────────────────────────────────────┴──────────────────────────────┘
 *       each: records of network, layers and thread; parameters,    laid out anew for each seat
 *       gradients, slots, average
 *
 * A network holds its numbers in arrays of its own, and takes a seat when it computes. There it stays until others have
 * taken all seats for its architecture, which are a ring, or the memory of the seats is used up: then all are given up,
 * and begin anew. Pages that are never touched take no physical memory.
 */
const SEATS_END = 128 * PAGE
const PAGES = 192

const SEATS_OF_A_RING = 16

/**
 * Multiply-adds of the samples that are staged together, at most: no operation takes long. Training on as many takes 1 to
 * 5 ms: 48,000 samples of 2-3-2-2 1.2 ms in batches of 32, 4.6 one by one; 3,800 of 64-16-4 1.5 one by one.
 */
const WINDOW_WORK = 2e7

/** Whoever sits on a seat. */
export interface Tenant {
  /** Takes back what has changed; the seat is then somebody else's. */
  leave(): void
}

/** Where a network computes. */
export interface Seat {
  readonly ring: Ring
  readonly engine: GuestEngine
  tenant: Tenant | undefined
}

/** The seats for networks of one architecture, which take them by turns. */
interface Ring {
  readonly seats: Seat[]
  next: number
  /** whether its seats have been given up: their memory is somebody else's */
  isGone: boolean
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
  #seats = new Reservation(FIRST_ADDRESS)

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

  /**
   * A seat that nobody sits on: a new one while there are few, otherwise each in turn.
   *
   * @param last the ring of the network's last seat: it need not be looked up
   */
  seatFor(spec: Architecture, last?: Ring): Seat {
    const ring = last === undefined || last.isGone ? this.#ringOf(spec) : last
    const { seats, next } = ring
    if (seats.length === SEATS_OF_A_RING) {
      ring.next = (next + 1) % SEATS_OF_A_RING
      const seat = seats[next]
      seat.tenant?.leave()
      return seat
    }
    const engine = this.#tryReserve(spec)
    if (engine === undefined) {
      this.#giveUpSeats()
      return this.seatFor(spec)
    }
    const seat = { ring, engine, tenant: undefined }
    seats.push(seat)
    return seat
  }

  #ringOf(spec: Architecture): Ring {
    const key = keyOf(spec)
    const known = this.#rings.get(key)
    if (known !== undefined) return known
    const ring = { seats: [], next: 0, isGone: false }
    this.#rings.set(key, ring)
    return ring
  }

  /** Undefined if the memory of the seats is used up. */
  #tryReserve(spec: Architecture): GuestEngine | undefined {
    const own = new Reservation(this.#seats.end)
    const layout = layOut(spec, 1, rowsOf(spec), { own, shared: new Reservation(SEATS_END) })
    if (layout.pages > PAGES) throw new Error(`expected at most ${PAGES} pages, got ${layout.pages}`)
    if (own.end > SEATS_END) {
      if (this.#seats.end > FIRST_ADDRESS) return undefined
      throw new Error(`expected a seat of at most ${SEATS_END} bytes, got ${own.end}`)
    }
    this.#seats = own
    const kernels = this.#kernels[spec.precision]
    return WasmEngine.at(spec, { core: this.#core, memory: this.#memory, kernels, layout })
  }

  /** Whoever had one forgets it when it wants to sit down next. */
  #giveUpSeats(): void {
    for (const ring of this.#rings.values()) {
      for (const seat of ring.seats) seat.tenant?.leave()
      ring.isGone = true
    }
    this.#rings.clear()
    new Uint8Array(this.#memory.buffer, FIRST_ADDRESS, this.#seats.end - FIRST_ADDRESS).fill(0)
    this.#seats = new Reservation(FIRST_ADDRESS)
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
