import { Thread } from './structs'

/** Where the share of a thread in n equal parts begins; that of the next one is where it ends. */
export function shareOf(index: usize, thread: Thread, n: usize): usize {
  assert(index <= thread.count)
  // 2-3-2-2 does without some ten divisions a step
  if (thread.count == 1) return index * n
  return <usize>((<u64>n * <u64>index) / <u64>thread.count)
}

/**
 * The next of n pieces of work for this thread, until it is n. One thread takes all in their order, so the next is the one that is
 * `due`. Of several each has a share, and when that is done takes from the others': cores are not equally fast at all times, and all
 * wait for the last. Between two meetings a thread calls it until nothing is left.
 *
 *     work  tells the work between two meetings apart: the layer, or 0 where there is one work only
 *     due   one more than the piece before, 0 for the first
 */
export function next(thread: Thread, work: usize, due: usize, n: usize): usize {
  if (thread.count == 1) return due
  assert(work * sizeof<u32>() < thread.takenBytes)
  let t = thread.index
  for (let i: usize = 0; i < thread.count; ++i) {
    const begin = shareOf(t, thread, n)
    const end = shareOf(t + 1, thread, n)
    const taken = thread.taken + t * thread.takenBytes + work * sizeof<u32>()
    if (begin + <usize>atomic.load<u32>(taken) < end) {
      const piece = begin + <usize>atomic.add<u32>(taken, 1)
      if (piece < end) return piece
    }
    t = t + 1 < thread.count ? t + 1 : 0
  }
  return n
}

/** Of all threads all shares are whole again; while none of them works. */
export function renew(thread: Thread): void {
  memory.fill(thread.taken, 0, thread.count * thread.takenBytes)
}
