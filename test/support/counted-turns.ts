/** What src/training/next-task.js is in tests that count the turns of the event loop; it imports nothing that would import that. */
import type { nextTask } from '../../src/platform/next-task.js'

/** Told of each turn that training has given: work that comes from then on holds up nobody who has waited. */
export const turns = { onTurn: (): void => undefined }

/** The module, counted. */
export async function countTurns(original: () => Promise<unknown>): Promise<{ nextTask: typeof nextTask }> {
  const module = (await original()) as { nextTask: typeof nextTask }
  return { nextTask: () => module.nextTask().then(() => turns.onTurn()) }
}
