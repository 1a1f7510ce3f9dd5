/**
 * Runs tasks 0 … n − 1, started in this order, at most `limit` at once. After a task fails, no more are started.
 *
 * @throws the error of the first task to fail, once all started tasks have ended
 */
export async function inParallel(
  n: number,
  limit: number,
  run: (task: number) => Promise<void>,
): Promise<void> {
  let next = 0
  let failure: { readonly error: unknown } | undefined
  const work = async (): Promise<void> => {
    while (next < n && failure === undefined) {
      try {
        await run(next++)
      } catch (error) {
        failure ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, n) }, work))
  if (failure !== undefined) throw failure.error
}
