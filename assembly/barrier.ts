import { Thread } from './plan'

/**
 * How often a thread that has a core for itself looks again before it sleeps: about a millisecond. To be woken takes it longer than
 * most waits are: 784-30-10, batch 10, two threads: 85 k samples/s with a hundredth of it, 150 k with this.
 */
const SPINS: i32 = 400000

/**
 * Returns when all threads have called it: what any of them wrote before, all of them read after.
 *
 *     barrier  two i32: threads that have arrived, and how often all of them had; zero at first
 */
export function meet(thread: Thread): void {
  if (thread.count == 1) return
  const arrived = thread.barrier
  const rounds = arrived + sizeof<i32>()
  const round = atomic.load<i32>(rounds)
  if (<usize>atomic.add<i32>(arrived, 1) + 1 == thread.count) {
    atomic.store<i32>(arrived, 0)
    atomic.add<i32>(rounds, 1)
    atomic.notify(rounds, -1)
    return
  }
  for (let spin = thread.hasCore ? 0 : SPINS; spin < SPINS; ++spin) {
    if (atomic.load<i32>(rounds) != round) return
  }
  while (atomic.load<i32>(rounds) == round) atomic.wait<i32>(rounds, round, -1)
}

/** Where the share of a thread in n equal parts begins; that of the next one is where it ends. */
// @ts-ignore: decorator
@inline
export function shareOf(index: usize, thread: Thread, n: usize): usize {
  return (n * index) / thread.count
}
