import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the example as `npm start` does, which has built dist/ before. */
function start(...options: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['examples/digits/index.js', ...options], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

/** An IDX file: magic number and sizes, big-endian, and then the bytes. */
function idx(magic: number, sizes: readonly number[], bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(4 * (1 + sizes.length))
  for (const [i, number] of [magic, ...sizes].entries()) header.writeUInt32BE(number, 4 * i)
  return Buffer.concat([header, bytes])
}

/** Digit d as a picture of one bright row, the d-th of 12 by 12 pixels. */
function images(count: number, side = 12): Buffer {
  const bytes = new Uint8Array(count * side * side)
  for (let i = 0; i < count; ++i) {
    const row = i * side + (i % 10)
    bytes.fill(255, row * side, (row + 1) * side)
  }
  return idx(0x803, [count, side, side], bytes)
}

function labels(count: number): Buffer {
  return idx(
    0x801,
    [count],
    Uint8Array.from({ length: count }, (_, i) => i % 10),
  )
}

describe('npm start', () => {
  it('learns the UCI digits, test accuracy >= 97 %, and tells the whole story without control codes', async () => {
    const { code, stdout, stderr } = await start()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/)
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])

    expect(stdout).toContain('E. Alpaydin and C. Kaynak')
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'Network(64 → 384 relu → 10 softmax; 28,810 parameters, f32, categoricalCrossEntropy)',
    )
    expect(stdout).toMatch(/^epoch 40\/40 {2}loss \d\.\d{4} {2}validation +\d+\.\d %$/m)
    expect(stdout.match(/^epoch /gm)?.length).toBeLessThan(12)
    expect(stdout).toMatch(/^ +\d\.\d+ ┼╮$/m)
    expect(stdout).toMatch(/^✓ (\d) → \1 +\d+\.\d % {3}✓ /m)
    expect(stdout).toMatch(/^ {4}│ {3}0 {3}1 {3}2 {3}3 {3}4 {3}5 {3}6 {3}7 {3}8 {3}9$/m)
    expect(stdout).toMatch(/^Speed +[\d,]+ samples\/s, \d+\.\d times as fast as the baseline engine$/m)

    const [, accuracy] = /^Accuracy +(\d+\.\d) % of the 359 test digits$/m.exec(stdout) ?? []
    expect(Number(accuracy)).toBeGreaterThanOrEqual(97)
    const diagonal = [...stdout.matchAll(/^ {2}(\d) │(.*)$/gm)].map(
      ([, d, row]) => row.split(/ +/)[Number(d) + 1],
    )
    const right = diagonal.reduce((sum, count) => sum + Number(count), 0)
    expect(((100 * right) / 359).toFixed(1)).toBe(accuracy)
  })

  it('--help says how to use it', async () => {
    const { code, stdout, stderr } = await start('--help')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^usage: npm start -- \[--mnist DIR\] \[--help\]\n/)
  })

  const usage = 'usage: npm start -- [--mnist DIR] [--help]'
  it.each([
    [['--fast'], `Unknown option '--fast'; ${usage}`],
    [['fast'], `Unexpected argument 'fast'; ${usage}`],
    [['--mnist'], `Option '--mnist <value>' argument missing; ${usage}`],
    [['--mnist', '--help'], `Option '--mnist' argument is ambiguous; ${usage}`],
    [['--mnist', 'nowhere'], `--mnist: expected a folder that can be read, got 'nowhere'`],
    [['--mnist', 'package.json'], `--mnist: expected a folder that can be read, got 'package.json'`],
  ])('%j is an error', async (options, message) => {
    expect(await start(...options)).toEqual({ code: 1, stdout: '', stderr: `digits: ${message}\n` })
  })
})

describe('npm start -- --mnist DIR', () => {
  let folder = ''
  const write = (name: string, bytes: Uint8Array): void => writeFileSync(join(folder, name), bytes)
  const good = {
    'train-images-idx3-ubyte': images(300),
    'train-labels-idx1-ubyte': labels(300),
    't10k-images-idx3-ubyte': images(50),
    't10k-labels-idx1-ubyte': labels(50),
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'digits-'))
    for (const [name, bytes] of Object.entries(good)) write(name, bytes)
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const renamings: [form: string, rename: (name: string) => string][] = [
    ['train-images-idx3-ubyte', (name) => name],
    ['train-images.idx3-ubyte', (name) => name.replace('-idx', '.idx')],
    ['train-images-idx3-ubyte.gz', (name) => `${name}.gz`],
    ['mnist10k-train-images-idx3-ubyte.gz', (name) => `${name.replace('train', 'mnist10k-train')}.gz`],
  ]
  it.each(renamings)('reads %s and its like', async (_, rename) => {
    for (const [name, bytes] of Object.entries(good)) {
      rmSync(join(folder, name))
      const renamed = rename(name)
      write(renamed, renamed.endsWith('.gz') ? gzipSync(bytes) : bytes)
    }
    const { code, stdout, stderr } = await start('--mnist', folder)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('270 digits of 12 × 12 to train, 30 to validate, 50 to test')
    expect(stdout.replace(/\s+/g, ' ')).toContain('Network(144 → 128 relu → 10 softmax; ')
    expect(stdout).toMatch(/^epoch 5\/5 /m)
    expect(stdout).toMatch(/^Accuracy +100\.0 % of the 50 test digits$/m)
  })

  it('names the files that are missing', async () => {
    rmSync(join(folder, 'train-labels-idx1-ubyte'))
    rmSync(join(folder, 't10k-images-idx3-ubyte'))
    const { code, stdout, stderr } = await start('--mnist', folder)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      `digits: ${folder}: no train-labels-idx1-ubyte, no t10k-images-idx3-ubyte ` +
        '(looked for with .gz, with a prefix, and with . before idx too)\n',
    )
  })

  const train = 'train-images-idx3-ubyte'
  it.each<[wrong: string, name: string, bytes: Uint8Array, message: string]>([
    ['magic number', train, labels(300), 'expected the magic number 0x00000803 of images, got 0x00000801'],
    ['header', train, images(10).subarray(0, 15), 'expected a header of 16 bytes, got 15 bytes in all'],
    ['length', train, images(300).subarray(0, -1), 'expected 43216 bytes (images 300 × 12 × 12), got 43215'],
    ['gzip', train, gzipSync(images(300)).subarray(0, 90), 'the gzip file is damaged or truncated'],
    [
      'size',
      't10k-images-idx3-ubyte',
      images(50, 14),
      `expected images of 12 × 12 pixels as in ${train}, got 14 × 14`,
    ],
    ['number of images', 't10k-images-idx3-ubyte', images(9), 'expected at least 10 images, got 9'],
    [
      'number of labels',
      'train-labels-idx1-ubyte',
      labels(299),
      `expected 300 labels as there are images in ${train}, got 299`,
    ],
    [
      'label',
      't10k-labels-idx1-ubyte',
      idx(0x801, [50], new Uint8Array(50).fill(10)),
      'expected labels from 0 to 9, got 10',
    ],
  ])('says which file has a wrong %s', async (_, name, bytes, message) => {
    write(name, bytes)
    expect(await start('--mnist', folder)).toEqual({
      code: 1,
      stdout: '',
      stderr: `digits: ${name}: ${message}\n`,
    })
  })
})
