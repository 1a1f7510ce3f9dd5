/** How long workers are waited for. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Stopped } from '../../src/engine/wasm/threads/spawn.js'
import { Watch } from '../../src/engine/wasm/threads/watch.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** A watch that waits for a promise. */
function begin({ slowMs = 0, watch }: { slowMs?: number; watch?: Watch } = {}) {
  const progress = { made: 0 }
  const used = watch ?? new Watch(() => String(progress.made))
  let answer: (value: string) => void = () => undefined
  const asked = new Promise<string>((resolve) => (answer = resolve))
  const outcome = { value: 'none' as unknown }
  const reply = used.reply(asked, slowMs).then(
    (value) => (outcome.value = value),
    (error: unknown) => (outcome.value = error),
  )
  return { progress, watch: used, answer, outcome, reply }
}

describe('workers that say nothing', () => {
  it('are waited for, five seconds', async () => {
    const { outcome, reply } = begin()
    await vi.advanceTimersByTimeAsync(4999)
    expect(outcome.value).toBe('none')
    await vi.advanceTimersByTimeAsync(1)
    await reply
    expect(outcome.value).toBeInstanceOf(Stopped)
    expect(String(outcome.value)).toBe('Error: a worker has not answered for 5 s')
  })

  it('are waited for as long as they may take', async () => {
    const { outcome } = begin({ slowMs: 60_000 })
    await vi.advanceTimersByTimeAsync(59_999)
    expect(outcome.value).toBe('none')
    await vi.advanceTimersByTimeAsync(1)
    expect(String(outcome.value)).toBe('Error: a worker has not answered for 60 s')
  })

  it('are waited for longer, if they took long before', async () => {
    const { watch, answer, reply } = begin()
    await vi.advanceTimersByTimeAsync(4000)
    answer('after 4 s')
    await reply
    const { outcome } = begin({ watch })
    await vi.advanceTimersByTimeAsync(15_999)
    expect(outcome.value).toBe('none')
    await vi.advanceTimersByTimeAsync(1)
    expect(String(outcome.value)).toBe('Error: a worker has not answered for 16 s')
  })

  it('are waited for no longer by who has ended', async () => {
    const { watch, outcome } = begin()
    watch.end()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(outcome.value).toBe('none')
  })
})

it('workers that do something are waited for, however long they take', async () => {
  const { progress, outcome, answer, reply } = begin()
  for (let i = 0; i < 20; ++i) {
    await vi.advanceTimersByTimeAsync(4000)
    progress.made += 1
  }
  expect(outcome.value).toBe('none')
  answer('at last')
  await reply
  expect(outcome.value).toBe('at last')
})

describe('a machine that has slept', () => {
  const hour = 3_600_000
  /** The clock goes on, timers do not. */
  const sleep = (): void => {
    const now = performance.now()
    vi.spyOn(performance, 'now').mockReturnValue(now + hour)
  }
  afterEach(() => void vi.restoreAllMocks())

  it('takes no more of the patience than one timer', async () => {
    const { outcome, answer, reply } = begin()
    await vi.advanceTimersByTimeAsync(3000)
    sleep()
    await vi.advanceTimersByTimeAsync(1000)
    expect(outcome.value).toBe('none')
    answer('awake')
    await reply
    expect(outcome.value).toBe('awake')
  })

  it('does not make patience long', async () => {
    const { watch, answer, reply } = begin()
    sleep()
    answer('awake')
    await reply
    const { outcome } = begin({ watch })
    await vi.advanceTimersByTimeAsync(5000)
    expect(outcome.value).toBeInstanceOf(Stopped)
  })
})
