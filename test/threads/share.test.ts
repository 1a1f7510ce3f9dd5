/** How threads share a step out among them: assembly/step/work-stealing.ts, tried by one thread after the other. */
import { expect, it } from 'vitest'
import { coreFor } from '../../src/engine/wasm/core.js'
import { instantiate, kernelsOf } from '../../src/engine/wasm/instance.js'
import { layOut } from '../../src/engine/wasm/memory.js'
import { allocate } from '../../src/engine/wasm/reservation.js'
import { writeNetworkRecords, writeThreadRecord } from '../../src/engine/wasm/records.js'
import { viewsOf } from '../../src/engine/wasm/views.js'
import { tanhSpec } from '../support/engines.js'
import { randomRows } from '../support/random-rows.js'

it.each(['f32', 'f64'] as const)(
  'a thread takes what the others have left, each panel once, %s',
  (precision) => {
    const spec = tanhSpec([3, 5, 2], precision)
    for (const [count, samples] of [
      [2, 1],
      [2, 17],
      [3, 100],
      [8, 100],
    ]) {
      const layout = layOut(spec, count)
      const memory = allocate(layout)
      const kernels = kernelsOf(instantiate(coreFor().module, memory), precision)
      const views = viewsOf(memory, layout, spec)
      views.parameters.set(randomRows(1, layout.parameterCount, 1)[0])
      views.x.set(randomRows(samples, 3, 2).flat())
      views.y.set(randomRows(samples, 2, 3).flat())
      for (let s = 0; s < samples; ++s) views.order[s] = s
      writeNetworkRecords(views.memory, spec, layout)
      const lossOf = (index: number, threads: number): number => {
        const { record } = layout.threads[index]
        writeThreadRecord(views.memory, { ...layout, threads: layout.threads.slice(0, threads) }, index, true)
        return kernels.loss(layout.network, record, samples)
      }
      const expected = lossOf(0, 1)
      expect(expected).toBeGreaterThan(0)
      // The last thread is alone at its work, and takes all.
      views.x.fill(0)
      const changed = lossOf(0, 1)
      expect(changed).not.toBe(expected)
      views.x.set(randomRows(samples, 3, 2).flat())
      expect(lossOf(count - 1, count)).toBe(expected)
      // Nothing is left for the others: the losses stay those of samples that are there no more.
      views.x.fill(0)
      for (let index = 0; index < count; ++index) expect(lossOf(index, count)).toBe(expected)
    }
  },
)
