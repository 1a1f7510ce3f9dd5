// @ts-check
import { RequestError, shown } from './errors.js'

/**
 * What HTTP asks of a request's head, and Node answers without a body or lets pass.
 *
 * @param {import('node:http').IncomingMessage} request
 * @throws RequestError
 */
export function checkHead({ headers, httpVersion }) {
  const { host, expect, 'content-encoding': packed, 'transfer-encoding': coding } = headers
  if (httpVersion === '1.1' && host === undefined)
    throw new RequestError(400, 'Host: expected a header, got none')
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    throw new RequestError(417, `Expect: expected 100-continue, got ${shown(expect)}`)
  }
  if (packed !== undefined && packed.toLowerCase() !== 'identity') {
    throw new RequestError(415, `Content-Encoding: expected none, got ${shown(packed)}`)
  }
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    throw new RequestError(415, `Transfer-Encoding: expected chunked or none, got ${shown(coding)}`)
  }
}

/**
 * The type that a header names, without its parameters.
 *
 * @param {string} [header]
 */
export function typeOf(header = '') {
  return header.split(';', 1)[0].trim().toLowerCase()
}
