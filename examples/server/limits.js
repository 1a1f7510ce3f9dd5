// @ts-check

/**
 * What the server takes at most: of all clients, and of one.
 *
 * @typedef {object} Limits
 * @property {number} bodyLimit bytes of one request's body
 * @property {number} maxRequests that are answered at a time
 * @property {number} maxBytes of their bodies and answers
 * @property {number} maxConnections
 * @property {number} maxPipelined requests of one connection that are answered at a time; the one beyond ends it
 * @property {number} clientShare of maxRequests, maxBytes and maxConnections that one client may have, more than 0 and at most 1
 * @property {number} requestTimeout milliseconds that a request may take to arrive, and its answer to be taken
 * @property {number} idleTimeout milliseconds without a byte of a request, or of an answer that its client reads
 */

/**
 * 256 requests of one sample wait 20 ms at most where 13,000 of them are answered in a second, and 8 MB of bodies take no more than
 * some 100 MB as JSON that is read. A client that has all that it may have leaves three quarters to others.
 *
 * @type {Limits}
 */
export const LIMITS = {
  bodyLimit: 2 ** 20,
  maxRequests: 256,
  maxBytes: 8 * 2 ** 20,
  maxConnections: 2048,
  maxPipelined: 16,
  clientShare: 1 / 4,
  requestTimeout: 10_000,
  idleTimeout: 5000,
}
