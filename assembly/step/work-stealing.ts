import { Thread } from './structs'

/** Where a thread's share of n items begins; it ends where the next thread's begins. */
export function shareOf(index: usize, thread: Thread, n: usize): usize {
  assert(index <= thread.count)
  // Saves 2-3-2-2 some ten divisions per step.
  if (thread.count == 1) return index * n
  return <usize>((<u64>n * <u64>index) / <u64>thread.count)
}

/**
 * The next of n work items for this thread, or n when none is left. A single thread takes all items in order, so
 * the next is the one that is `due`. With several threads, each has a share and, when that is done, takes from the
 * others' shares: CPU cores are not equally fast at all times, and every thread waits for the last. Between barriers a
 * thread calls it until nothing is left.
 *
 *     work  identifies the kind of work between two barriers: the layer, or 0 if there is only one kind
 *     due   one more than the previous item; 0 for the first
 */
export function claim(thread: Thread, work: usize, due: usize, n: usize): usize {
  if (thread.count == 1) return due
  assert(work * sizeof<u32>() < thread.takenBytes)
  let t = thread.index
  for (let i: usize = 0; i < thread.count; ++i) {
    const begin = shareOf(t, thread, n)
    const end = shareOf(t + 1, thread, n)
    const taken = thread.taken + t * thread.takenBytes + work * sizeof<u32>()
    if (begin + <usize>atomic.load<u32>(taken) < end) {
      const item = begin + <usize>atomic.add<u32>(taken, 1)
      if (item < end) return item
    }
    t = t + 1 < thread.count ? t + 1 : 0
  }
  return n
}

/** Resets every thread's share. Call it only while no thread works. */
export function resetShares(thread: Thread): void {
  memory.fill(thread.taken, 0, thread.count * thread.takenBytes)
}
