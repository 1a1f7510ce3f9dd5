// @ts-check

/** Room for requests and their bytes. */
class Room {
  requests = 0
  bytes = 0
  #maxRequests
  #maxBytes

  /**
   * @param {number} maxRequests
   * @param {number} maxBytes
   */
  constructor(maxRequests, maxBytes) {
    this.#maxRequests = maxRequests
    this.#maxBytes = maxBytes
  }

  /**
   * @param {number} requests
   * @param {number} bytes
   */
  fits(requests, bytes) {
    return this.requests + requests <= this.#maxRequests && this.bytes + bytes <= this.#maxBytes
  }
}

/**
 * Lets requests in while there is room for them: what bounds the memory that they take, and how long the last one waits. What counts
 * is what has arrived, for an announcement costs nothing; and one client has a share of the room only.
 */
export class Gate {
  /** Bytes that one request can have. */
  mostBytes
  #all
  /** Of clients that are inside. @type {Map<string, Room>} */
  #clients = new Map()
  #shareOfRequests

  /** @param {import('./limits.js').Limits} limits */
  constructor({ maxRequests, maxBytes, clientShare }) {
    this.#all = new Room(maxRequests, maxBytes)
    this.#shareOfRequests = Math.max(1, Math.floor(maxRequests * clientShare))
    this.mostBytes = Math.floor(maxBytes * clientShare)
  }

  /** Requests inside. */
  get requests() {
    return this.#all.requests
  }

  /** Bytes of their bodies that have arrived, and of their answers that are not sent yet. */
  get bytes() {
    return this.#all.bytes
  }

  /**
   * @param {string} client
   * @param {number} announced bytes of the body: if there is no room for them now, it need not come
   * @returns {Visit | undefined} undefined if there is no room
   */
  enter(client, announced) {
    const own = this.#clients.get(client) ?? new Room(this.#shareOfRequests, this.mostBytes)
    if (!this.#all.fits(1, announced) || !own.fits(1, announced)) return undefined
    this.#clients.set(client, own)
    return new Visit(this.#all, own, () => {
      if (own.requests === 0) this.#clients.delete(client)
    })
  }
}

/** A request that is inside, and has to leave. */
export class Visit {
  #bytes = 0
  #all
  #own
  #left

  /**
   * @param {Room} all
   * @param {Room} own that of its client
   * @param {() => void} left what happens when it has left
   */
  constructor(all, own, left) {
    this.#all = all
    this.#own = own
    this.#left = left
    all.requests += 1
    own.requests += 1
  }

  /**
   * @param {number} bytes that have arrived
   * @returns {boolean} whether there is room for them
   */
  take(bytes) {
    if (!this.#all.fits(0, bytes) || !this.#own.fits(0, bytes)) return false
    this.hold(this.#bytes + bytes)
    return true
  }

  /** @param {number} bytes that it has from now on, of its answer: it is there already, so others wait */
  hold(bytes) {
    this.#all.bytes += bytes - this.#bytes
    this.#own.bytes += bytes - this.#bytes
    this.#bytes = bytes
  }

  leave() {
    this.hold(0)
    this.#all.requests -= 1
    this.#own.requests -= 1
    this.#left()
  }
}
