/** Thrown values, which may be errors from another realm (jsdom, an iframe, node:vm), or not errors at all. */

/** Whether it is an error, judged by its properties. */
export function isError(thrown: unknown): thrown is Error {
  return (
    typeof thrown === 'object' && thrown !== null && 'message' in thrown && typeof thrown.message === 'string'
  )
}

/** Its message. */
export function messageOf(thrown: unknown): string {
  return isError(thrown) ? thrown.message : String(thrown)
}
