/** A server may be away for a while: it is restarted, the network is down, it is too busy. What waits for it, waits here. */
import { messageOf } from './thrown.js'
import { JetStreamApiError, JetStreamError } from '@nats-io/jetstream'
import {
  ConnectionError,
  NoRespondersError,
  PermissionViolationError,
  ProtocolError,
  RequestError,
  TimeoutError,
} from '@nats-io/nats-core'

/** Between two tries, in milliseconds. */
const FIRST_PAUSE = 50
const LONGEST_PAUSE = 2000

/** Codes of the server's API. */
export const WRONG_LAST_SEQUENCE = 10071
export const MAXIMUM_MESSAGES = 10077
const MESSAGE_NOT_FOUND = 10037

/** Of the server, by code. */
export function isCode(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code
}

/** Whether the server has said that something does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof JetStreamApiError && (error.status === 404 || error.code === MESSAGE_NOT_FOUND)
}

/** What is asked of the server, or something else where it does not exist. */
export async function unlessMissing<T>(otherwise: T, what: () => Promise<T>): Promise<T> {
  try {
    return await what()
  } catch (error) {
    if (isMissing(error)) return otherwise
    throw error
  }
}

/** What was there a moment ago is not there any more, and is given back. */
export class LostError extends Error {}

/** What a server that is away, or busy, looks like from here. */
const passing = [
  LostError,
  ConnectionError,
  JetStreamError,
  NoRespondersError,
  ProtocolError,
  RequestError,
  TimeoutError,
]

/** Whether trying again may help: not where the server has understood and refused, or nobody is connected any more. */
export function mayPass(error: unknown): boolean {
  if (error instanceof JetStreamApiError) return error.status >= 500 && error.code !== MAXIMUM_MESSAGES
  return isWithoutJetStream(error) || passing.some((Kind) => error instanceof Kind)
}

/** Whether the server has no JetStream; one that has just been started may seem so. Its class is not exported. */
export function isWithoutJetStream(error: unknown): boolean {
  return error instanceof Error && error.name === 'JetStreamNotEnabled'
}

/** The server does not let this user do what is needed. */
export class ForbiddenError extends Error {}

/** What it does not allow; undefined for any other error. A request's error has the server's as its cause. */
function forbidden(error: unknown): ForbiddenError | undefined {
  if (!(error instanceof Error)) return undefined
  if (!(error instanceof PermissionViolationError)) return forbidden(error.cause)
  const { operation, subject } = error
  const what = `${operation === 'publish' ? 'publish' : 'subscribe'} to ${subject}`
  return new ForbiddenError(`servers: expected a user who may ${what}, got one who may not`, { cause: error })
}

/** After so long, in milliseconds, who waits is told why. */
const TELL_MS = 5000

/**
 * Tries until it works.
 *
 * @param tell called once, if it has not worked for a while, with why
 * @throws the signal's reason; ForbiddenError; what trying again would not change
 */
export async function persistently<T>(
  signal: AbortSignal,
  what: () => Promise<T>,
  tell?: (why: string) => void,
): Promise<T> {
  const start = performance.now()
  let isTold = tell === undefined
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    signal.throwIfAborted()
    try {
      return await what()
    } catch (error) {
      signal.throwIfAborted()
      const refusal = forbidden(error)
      if (refusal !== undefined) throw refusal
      if (!mayPass(error)) throw error
      if (!isTold && performance.now() - start > TELL_MS) {
        isTold = true
        tell?.(messageOf(error))
      }
      await sleep(pause, signal)
    }
  }
}

/**
 * Aborts a controller as soon as one of these signals does.
 *
 * @returns a function that ends this
 */
export function abortWith(controller: AbortController, ...signals: (AbortSignal | undefined)[]): () => void {
  const ends = signals.map((signal) => {
    const abort = (): void => controller.abort(signal?.reason)
    signal?.addEventListener('abort', abort)
    if (signal?.aborted === true) abort()
    return () => signal?.removeEventListener('abort', abort)
  })
  return () => ends.forEach((end) => end())
}

/** Of each signal, what waits with it. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls back when the signal aborts: many may wait with one, which has one listener, as Node warns of more than ten.
 *
 * @returns a function that ends this
 */
function onAbort(signal: AbortSignal, call: () => void): () => void {
  const known = waiting.get(signal)
  const all = known ?? new Set()
  all.add(call)
  if (known === undefined) {
    waiting.set(signal, all)
    signal.addEventListener('abort', () => all.forEach((each) => each()))
  }
  return () => void all.delete(call)
}

/** Resolves after so many milliseconds, or as soon as the signal aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve()
    const end = (): void => {
      clearTimeout(timer)
      unheard?.()
      resolve()
    }
    const timer = setTimeout(end, ms)
    const unheard = signal && onAbort(signal, end)
  })
}

/** Settles like the promise, unless the signal aborts, or the time passes, before it does. */
export function within<T>(promise: Promise<T>, ms: number, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = new AbortController()
    const abort = (): void => reject(signal?.reason as Error)
    signal?.addEventListener('abort', abort)
    void sleep(ms, stop.signal).then(() => reject(new Error(`expected an answer within ${ms / 1000} s`)))
    promise.then(resolve, reject).finally(() => {
      stop.abort()
      signal?.removeEventListener('abort', abort)
    })
  })
}
