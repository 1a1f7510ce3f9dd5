/** What was thrown, which may be anything, as a text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
