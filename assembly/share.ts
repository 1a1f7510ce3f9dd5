import { Thread } from './plan'

/** Where the share of a thread in n equal parts begins; that of the next one is where it ends. */
export function shareOf(index: usize, thread: Thread, n: usize): usize {
  assert(index <= thread.count)
  // 2-3-2-2 does without some ten divisions a step
  if (thread.count == 1) return index * n
  return <usize>((<u64>n * <u64>index) / <u64>thread.count)
}
