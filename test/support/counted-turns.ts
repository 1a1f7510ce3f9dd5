/** Counts the turns of the event loop. */
import { eventLoop } from '../../src/platform/event-loop.js'

/** Told of each turn that training has given: work that comes from then on holds up nobody who has waited. */
export const turns = { onTurn: (): void => undefined }

const { nextTask } = eventLoop
eventLoop.nextTask = () => nextTask().then(() => turns.onTurn())
