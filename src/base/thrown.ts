/** What was thrown, which may be an error of another realm (jsdom, an iframe, node:vm), or no error at all. */

/** Whether it is an error, by what it has. */
export function isError(thrown: unknown): thrown is Error {
  return (
    typeof thrown === 'object' && thrown !== null && 'message' in thrown && typeof thrown.message === 'string'
  )
}

/** What it says. */
export function messageOf(thrown: unknown): string {
  return isError(thrown) ? thrown.message : String(thrown)
}
