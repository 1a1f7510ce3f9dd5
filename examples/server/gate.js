// @ts-check

/**
 * Lets requests in while there is room for them: what bounds the memory that they take, and how long the last one waits.
 */
export class Gate {
  /** Requests inside. */
  requests = 0
  /** Bytes of their bodies, read or still to come. */
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
   * @param {number} bytes of the body, at most
   * @returns {boolean} whether the request is in, and has to leave
   */
  enter(bytes) {
    if (this.requests >= this.#maxRequests || this.bytes + bytes > this.#maxBytes) return false
    this.requests += 1
    this.bytes += bytes
    return true
  }

  /** @param {number} bytes that it entered with */
  leave(bytes) {
    this.requests -= 1
    this.bytes -= bytes
  }
}
