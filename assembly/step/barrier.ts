import { Barrier, Thread } from './structs'
import { resetShares } from './work-stealing'

/**
 * How many times a thread polls before it sleeps: about a millisecond at most. Waking up takes longer than most waits:
 * 784-30-10, batch 10, two threads: 85 k samples/s with a hundredth of this value, 150 k with this. But when another
 * program occupies the CPU core that one of the threads needs, spinning only keeps that thread off it; so every wait
 * that spins in vain halves the count, down to MIN_SPINS.
 */
export const MAX_SPINS: u32 = 400000
const MIN_SPINS: u32 = 20000

/**
 * Returns once all threads have called it: what any of them wrote before the call, all of them read after it. Every
 * thread's share has then been reset.
 */
export function barrierWait(thread: Thread): void {
  assert(thread.count > 0 && thread.index < thread.count)
  if (thread.count == 1) return
  const barrier = changetype<usize>(thread.barrier)
  const arrived = barrier + offsetof<Barrier>('arrived')
  const rounds = barrier + offsetof<Barrier>('rounds')
  const round = atomic.load<i32>(rounds)
  if (<usize>atomic.add<i32>(arrived, 1) + 1 == thread.count) {
    resetShares(thread)
    atomic.store<i32>(arrived, 0)
    atomic.add<i32>(rounds, 1)
    atomic.notify(rounds, -1)
    return
  }
  const spins = min(thread.spins, MAX_SPINS)
  for (let spin: u32 = 0; spin < spins; ++spin) {
    if (atomic.load<i32>(rounds) == round) continue
    thread.spins = 2 * spins
    return
  }
  if (spins > 0) thread.spins = max(spins / 2, MIN_SPINS)
  while (atomic.load<i32>(rounds) == round) atomic.wait<i32>(rounds, round, -1)
}
