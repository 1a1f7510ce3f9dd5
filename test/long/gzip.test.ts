import { getHeapStatistics } from 'node:v8'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { csvBatches, readCsv } from '../../src/data/index.js'

it('gzip that unpacks to very much takes no more memory than other files', async () => {
  const zeros = gzipSync(Buffer.alloc(2 ** 28))
  await expect(readCsv(zeros)).rejects.toThrow(
    'line 1: expected at most 1048576 bytes (maxLineBytes), got more',
  )
  const member = gzipSync('1\n'.repeat(2 ** 21))
  const bomb = Buffer.concat([gzipSync('a\n'), ...new Array<Uint8Array>(16).fill(member)])
  expect(bomb.length).toBeLessThan(2 ** 18)
  await expect(readCsv(bomb, { maxBytes: 1e6, kinds: { a: 'number' } })).rejects.toThrow(
    'source: expected a table of at most 1000000 bytes (maxBytes), got a larger one',
  )
  let most = 0
  let count = 0
  const before = process.memoryUsage.rss()
  for await (const { rows } of csvBatches(bomb, { batchRows: 2 ** 16 })) {
    count += rows
    most = Math.max(most, process.memoryUsage.rss() - before)
  }
  expect(count).toBe(2 ** 25)
  expect(most).toBeLessThan(2 ** 27 + getHeapStatistics().malloced_memory)
})
