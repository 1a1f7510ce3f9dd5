/** What a stranger may give, as a file or as an argument: it is refused by its counts, before any work, and is read in one way or not at all. */
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { jsonBatches, readRecord } from '../../src/scoring/jsonl.js'
import { tableOf } from '../../src/scoring/json-table.js'
import { chooseColumns, columnsOption } from '../../src/cli/choose-columns.js'
import { drawConfusionMatrix } from '../../src/cli/charts/confusion-matrix.js'
import { readAllRows } from '../../src/cli/rows.js'
import { parseCsv, parseIdx, readIdx } from '../../src/data/index.js'
import { parseJSON } from '../../src/base/json-text.js'
import { Network } from '../../src/index.js'
import { Predictor } from '../../src/inference/index.js'
import { Model } from '../../src/model/index.js'
import { gridSearch } from '../../src/selection/index.js'
import { deltaprop, limited } from '../support/command.js'
import { join, split } from '../support/safetensors.js'
import { attack, isFull } from './attack.js'

const net = new Network([2, 1], { seed: 1 })

/** Both readers of a file refuse it, and say so in these words. */
function expectRefused(bytes: Uint8Array, message: string): void {
  for (const Type of [Network, Predictor]) {
    expect(() => Type.fromBytes(bytes)).toThrow(new RangeError(message))
  }
}

/** Elements that nobody may look at: an array that says how long it is, and throws for all else. */
function untouchable(length: number): unknown[] {
  return new Proxy<unknown[]>(Array<unknown>(length), {
    get(target, key) {
      if (key === 'length') return target.length
      throw new Error(`${String(key)} was looked at`)
    },
  })
}

describe('layers', () => {
  it('of a thousand, a network trains, is saved and read', async () => {
    const deep = new Network(Array<number>(1001).fill(1), { activation: 'linear', seed: 1 })
    await deep.fit({ x: [1, 2], y: [1, 2] }, { epochs: 1 })
    expect(Network.fromBytes(deep.toBytes()).predict([1])).toEqual(deep.predict([1]))
    expect(Network.fromJSON(parseJSON('json', JSON.stringify(deep))).predict([1])).toEqual(deep.predict([1]))
  })

  it('are counted before one is looked at', () => {
    expect(() => new Network(untouchable(125_000) as number[])).toThrow(
      new RangeError('sizes: expected at most 4097 sizes, got 125000'),
    )
    const layers = untouchable(125_000) as { units: number }[]
    expect(() => new Network({ inputs: 1, layers })).toThrow(
      new RangeError('layers: expected at most 4096 layers, got 125000'),
    )
    const hidden = untouchable(1e7) as number[]
    expect(() => Model.create([{ a: 1, b: 2 }], { target: 'b', hidden })).toThrow(
      new RangeError('hidden: expected at most 4095 layers, got 10000000'),
    )
  })

  it('of a file are compared with its tensors', () => {
    const { network, progress } = net.toJSON()
    const layers = Array(100_000).fill(network.layers[0])
    const deltaprop = JSON.stringify({ version: 1, network: { ...network, layers }, progress })
    const bytes = join(JSON.stringify({ __metadata__: { deltaprop } }))
    expectRefused(bytes, 'network: expected at most 0 layers in this file, got 100000: cut off or damaged')
    expect(() => Network.fromJSON({ ...net.toJSON(), network: { ...network, layers } })).toThrow(
      new RangeError('network: expected at most 1 layers in this file, got 100000: cut off or damaged'),
    )
  })

  it('of a file are compared with its data, not with its header', () => {
    const { network, progress } = net.toJSON()
    const wide = { ...network, layers: [{ ...network.layers[0], units: 1000 }] }
    const metadata = {
      deltaprop: JSON.stringify({ version: 1, network: wide, progress }),
      pad: 'x'.repeat(1e5),
    }
    const tensors = { 'layers.0.weights': {}, 'layers.0.biases': {} }
    const bytes = join(JSON.stringify({ __metadata__: metadata, ...tensors }), new Uint8Array(40))
    expectRefused(bytes, 'network: expected at most 10 parameters in this file, got 3000: cut off or damaged')
  })
})

describe('JSON', () => {
  const names = (count: number): string => Array.from({ length: count }, (_, i) => `"k${i}":0`).join()

  it.each([
    ['a million names', `{"a":{${names(1_000_000)}}}`, 'expected at most 16384 names in an object, got more'],
    [
      'a million levels of arrays',
      '['.repeat(1e6) + ']'.repeat(1e6),
      'expected at most 100 brackets within one another, got more',
    ],
    [
      'a million levels of objects',
      '{"a":'.repeat(1e6),
      'expected at most 100 brackets within one another, got more',
    ],
    ['a million quotes', `{"${'\\"'.repeat(1e6)}`, 'expected JSON: cut off, or another format'],
    ['a million backslashes', `{"${'\\'.repeat(1e6)}`, 'expected JSON: cut off, or another format'],
    ['a name twice', '{"a":1,"b":{"a":2},"a":3}', 'expected each name once in an object, got "a" twice'],
    [
      'one of them with an escape',
      String.raw`{"a":1,"\u0061":3}`,
      'expected each name once in an object, got "a" twice',
    ],
    ['in an array', '[0,{"a":1 ,"a"\n:2}]', 'expected each name once in an object, got "a" twice'],
    [
      'a prototype twice',
      '{"__proto__":1,"__proto__":3}',
      'expected each name once in an object, got "__proto__" twice',
    ],
    ['no name twice', '{"":1,"":3}', 'expected each name once in an object, got "" twice'],
    ['more behind it', '{"a":1} {"a":1}', 'expected JSON: cut off, or another format'],
    ['a byte order mark', '\ufeff{"a":1}', 'expected JSON: cut off, or another format'],
    ['a wrong escape', String.raw`{"\x61":1}`, 'expected JSON: cut off, or another format'],
    ['nothing', '', 'expected JSON: cut off, or another format'],
  ])('with %s', (_, text, message) => {
    expect(() => parseJSON('json', text)).toThrow(new RangeError(`json: ${message}`))
  })

  it('that looks like it is read', () => {
    for (const text of [
      '{"a":"a","b":["a","a",{"a":"b"}],"c":{"a":{"a":1}}}',
      String.raw`{"a\\":1,"a\"":2,"a":":\"a\":"}`,
      '["a","a"]',
      '"{\\"a\\":1,\\"a\\":2}"',
      ' 1 ',
      `${'['.repeat(100)}${']'.repeat(100)}`,
    ]) {
      expect(parseJSON('json', text)).toEqual(JSON.parse(text))
    }
  })

  attack('Limits', 'a name that an object of any JSON has twice', { short: 500, full: 20_000 }, (random) => {
    /** a tree of JSON, and how many of its objects have a name twice */
    let twice = 0
    const quoted = (name: string): string =>
      random.below(4) === 0 ? `"\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}"` : `"${name}"`
    const textOf = (depth: number): string => {
      const kind = random.below(depth > 4 ? 2 : 4)
      if (kind === 0) return ['1', '-0.5e3', 'null', 'true'][random.below(4)]
      if (kind === 1) return ['"a"', '""', String.raw`"\"a\":"`, '"{"', String.raw`"\\"`][random.below(5)]
      const count = random.below(4)
      if (kind === 2) return `[${Array.from({ length: count }, () => textOf(depth + 1)).join(' ,')}]`
      const keys = Array.from({ length: count }, () => 'abcdefgh'[random.below(8)])
      if (new Set(keys).size < count) twice += 1
      return `{${keys.map((key) => `${quoted(key)} :${textOf(depth + 1)}`).join()}}`
    }
    const text = textOf(0)
    const read = (): unknown => parseJSON('json', text)
    if (twice > 0) expect(read).toThrow(/^json: expected each name once in an object, got "[a-h]" twice$/)
    else expect(read()).toEqual(JSON.parse(text))
    const line = `{"row": ${text}}`
    if (twice > 0) expect(() => readRecord('line 1', line)).toThrow(/^line 1: expected each name once/)
    else expect(readRecord('line 1', line)).toEqual(JSON.parse(line))
  })

  it.each(['{"a":1,"a":2}', '{"a:":1,"b":{"c":1,"c":2}}', String.raw`{"b":1,"\u0062":2}`])(
    'line with a name twice: %s',
    (line) => {
      expect(() => readRecord('line 7', line)).toThrow(
        /^line 7: expected each name once in an object, got "[abc]" twice$/,
      )
    },
  )

  it('lines of which each record has names of its own are no table', () => {
    const records = Array.from({ length: 20_000 }, (_, i) => ({ [`a${i}`]: 1 }))
    expect(() => tableOf(records, 0, {})).toThrow(
      new RangeError('expected a table of at most 268435456 values, got 20000 rows of 20000 columns'),
    )
  })

  it.runIf(isFull)('lines without end are refused where their table would take too much', async () => {
    const line = new TextEncoder().encode(`{"a":1}${' '.repeat(2 ** 20 - 8)}\n`)
    let lines = 0
    const endless = Readable.from(
      (function* () {
        for (;;) {
          lines += 1
          yield line
        }
      })(),
    )
    const stdin = vi.spyOn(process, 'stdin', 'get').mockReturnValue(endless as never)
    await expect(readAllRows('-', { format: 'jsonl' })).rejects.toThrow(
      'standard input: expected a table of at most 2147483648 bytes, got a larger one',
    )
    stdin.mockRestore()
    expect(lines).toBeLessThan(2100)
  })

  it('lines that do not end are refused by their length', async () => {
    let chunks = 0
    const endless = (async function* () {
      for (;;) {
        chunks += 1
        yield await Promise.resolve(new Uint8Array(2 ** 16).fill(0x20))
      }
    })()
    await expect(jsonBatches(endless, 1).next()).rejects.toThrow(
      'expected lines of at most 1048576 characters',
    )
    expect(chunks).toBeLessThan(20)
  })
})

describe('safetensors', () => {
  const { header: parsed, data } = split(net.toBytes())
  const header = JSON.stringify(parsed)
  const [weights, biases] = [/"layers.0.weights":\{[^}]*\}/, /"layers.0.biases":\{[^}]*\}/].map(
    (pattern) => pattern.exec(header)?.[0] ?? '',
  )

  it('as they are written are read', () => {
    expect(Network.fromBytes(join(header, data)).predict([1, 2])).toEqual(net.predict([1, 2]))
    expect(weights).not.toBe('')
  })

  it.each([
    [
      'tensor twice',
      header.replace(weights, `${weights},${weights}`),
      'bytes: expected each name once in an object, got "layers.0.weights" twice',
    ],
    [
      'metadata twice',
      header.replace(/\}$/, ',"__metadata__":{}}'),
      'bytes: expected each name once in an object, got "__metadata__" twice',
    ],
    [
      'dtype twice',
      header.replace('"dtype"', '"dtype":"F64","dtype"'),
      'bytes: expected each name once in an object, got "dtype" twice',
    ],
    [
      'network twice',
      header.replace(String.raw`\"network\"`, String.raw`\"network\":1,\"network\"`),
      '__metadata__.deltaprop: expected each name once in an object, got "network" twice',
    ],
    [
      'byte order mark',
      `\ufeff${header}`,
      'bytes: expected a header that begins with {: cut off, or another format',
    ],
    ['blank before', ` ${header}`, 'bytes: expected a header that begins with {: cut off, or another format'],
    ['more behind', `${header}{}`, 'bytes: expected JSON: cut off, or another format'],
    [
      'tensors that overlap',
      header.replace('"data_offsets":[8,12]', '"data_offsets":[4,8]'),
      'bytes: expected tensors that fill the data without gaps or overlaps',
    ],
    [
      'no biases',
      header.replace(`,${biases}`, ''),
      'network: expected at most 0 layers in this file, got 1: cut off or damaged',
    ],
    [
      'half a surrogate pair',
      header.replace('"__metadata__":{', String.raw`"__metadata__":{"a":"\ud800",`),
      '__metadata__: expected Unicode as "a"',
    ],
  ])('%s', (_, changed, message) => {
    expect(changed).not.toBe(header)
    expectRefused(join(changed, data), message)
  })

  it('no UTF-8', () => {
    const text = new TextEncoder().encode(header.replace('{"__metadata__":{', '{"__metadata__":{"x":"?",'))
    text[text.indexOf(0x3f)] = 0xff
    expectRefused(join(text, data), 'bytes: expected a header in UTF-8')
  })

  it('a hole, and bytes behind the last tensor', () => {
    const message = 'bytes: expected tensors that fill the data without gaps or overlaps'
    expectRefused(join(header, Uint8Array.from([...data, 0])), message)
    const hole = header.replace('"data_offsets":[8,12]', '"data_offsets":[12,16]')
    expectRefused(join(hole, Uint8Array.from([...data, 0, 0, 0, 0])), message)
  })

  it('pre-processing with a name twice', () => {
    const model = Model.create(
      [
        { a: 1, b: 2 },
        { a: 2, b: 3 },
      ],
      { target: 'b', hidden: [1] },
    )
    const { preprocessing } = model.network.metadata
    model.network.metadata = { preprocessing: preprocessing.replace('"version"', '"version":2,"version"') }
    expect(() => Model.fromBytes(model.network.toBytes())).toThrow(
      new RangeError('preprocessing: expected each name once in an object, got "version" twice'),
    )
  })
})

describe('gzip', () => {
  it.each(['name', 'members'])(
    'is allocated by what comes, not by what its header promises: %s',
    async (padding) => {
      const promise = Uint8Array.of(
        0,
        0,
        8,
        1,
        ...[24, 16, 8, 0].map((shift) => (900_000_000 >> shift) & 255),
      )
      const packed = gzipSync(promise)
      const empty = gzipSync(new Uint8Array(0))
      const bytes =
        padding === 'name'
          ? [
              ...packed.subarray(0, 3),
              8,
              ...packed.subarray(4, 10),
              ...Array<number>(1e6).fill(97),
              0,
              ...packed.subarray(10),
            ]
          : [...packed, ...Array.from({ length: 50_000 }, () => [...empty]).flat()]
      const before = process.memoryUsage().arrayBuffers
      await expect(readIdx(Uint8Array.from(bytes))).rejects.toThrow(
        'bytes: expected 900000008 bytes for 900000000 u8, got 8',
      )
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e8)
    },
  )

  it('255 sizes are a message, not a page', () => {
    const bytes = new Uint8Array(4 + 4 * 255).fill(255)
    bytes.set([0, 0, 8, 255])
    expect(() => parseIdx(bytes)).toThrow(
      /^bytes: expected more than 10\^2456 bytes for [^]{1,150}, got 1024$/,
    )
  })
})

describe('columns', () => {
  // Compared with each other, 100,000 took 45 s.
  it('are found by all of their names', () => {
    const count = isFull ? 100_000 : 10_000
    const names = Array.from({ length: count }, (_, i) => `c${i}`)
    const csv = `${names.join()}\n${names.map(() => 1).join()}\n`
    expect(parseCsv(csv, { columns: names }).columns).toHaveLength(count)
    const kinds = Object.fromEntries(names.map((name) => [name, 'number' as const]))
    expect(parseCsv(csv, { kinds }).columns).toHaveLength(count)
    const target = names.slice(0, count / 2)
    const rows = {
      rows: 2,
      columns: names.map((name) => ({ name, kind: 'text' as const, values: ['1', 'a'] })),
    }
    expect(() => Model.create(rows, { target, texts: names, hidden: [1] })).toThrow(
      'target: expected 1 column',
    )
  })

  it.each([
    [{ ignore: 'b,a' }, '--ignore: expected no column of --target, got a'],
    [{ features: 'b,a' }, '--features: expected no column of --target, got a'],
    [{ features: 'b,b' }, '--features: expected each column once, got b twice'],
    [{ ignore: 'b,b' }, '--ignore: expected each column once, got b twice'],
    [{ texts: 'b,b' }, '--texts: expected each column once, got b twice'],
    [{ texts: 'b', ignore: 'b' }, '--texts: expected no column of --ignore, got b'],
    [{ target: 'a,a' }, '--target: expected each column once, got a twice'],
  ] as const)('of a command line that contradict one another: %o', (lists, message) => {
    const options = Object.fromEntries(
      Object.entries({ target: 'a', ...lists }).map(([name, text]) => [
        name,
        columnsOption(`--${name}`)(text),
      ]),
    )
    expect(() => chooseColumns(options as never, ['a', 'b', 'c'])).toThrow(message)
  })

  it('of a command line: of an option that is given twice the last one counts', async () => {
    const [none, out] = ['none.csv', 'out'].map((name) => `${tmpdir()}/no-such-folder/${name}`)
    const train = async (...outs: string[]): Promise<string> =>
      (await deltaprop(['train', none, '--target', 'a', ...outs.flatMap((each) => ['--out', each])])).stderr
    const [noName, noFolder] = [
      'deltaprop: --out: expected the name of a file, got "-"\n',
      `deltaprop: ${out}: expected a file in a folder that can be written\n`,
    ]
    expect(await train(out, '-')).toBe(noName)
    expect(await train('-', out)).toBe(noFolder)
  })

  it('of options that contradict one another', () => {
    const rows = [{ a: 1, b: 2, w: 1 }]
    expect(() => Model.create(rows, { target: 'b', weights: 'w', texts: ['w'] })).toThrow(
      new RangeError('texts: expected no weights, got w'),
    )
    expect(() => parseCsv('a,b\n1,2\n', { columns: ['b', 'a', 'a'] })).toThrow(
      new RangeError('columns: expected different names, got a twice'),
    )
  })
})

it('what is looked at in every update, or for every trial, is bounded', async () => {
  const fit = (schedule: unknown): Promise<unknown> =>
    net.fit({ x: [1, 2], y: [1] }, { epochs: 1, schedule } as never)
  const milestones = Array.from({ length: 1001 }, (_, i) => i)
  await expect(fit({ type: 'multiStep', milestones })).rejects.toThrow(
    'schedule.milestones: expected at most 1000 entries, got 1001',
  )
  await expect(fit(untouchable(1e6))).rejects.toThrow('schedule: expected at most 1000 entries, got 1000000')
  const space = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`n${i}`, [1]]))
  await expect(gridSearch({ x: [1, 2], y: [1] }, { space, seed: 1, folds: 2 } as never)).rejects.toThrow(
    'space: expected at most 1000 names, got 1001',
  )
})

it('a thousand classes are too many to draw, and said so before they are spread', () => {
  const classes = Array.from({ length: 1000 }, (_, i) => `c${i}`)
  expect(
    drawConfusionMatrix(
      classes,
      classes.map(() => classes.map(() => 0)),
      80,
    ),
  ).toBeUndefined()
})

/** In fewer addresses than V8 reserves for one memory; some Nodes see that, and then need no more than its pages. */
const needsMore =
  limited(8_000_000, ['-e', 'new WebAssembly.Memory({ initial: 1, maximum: 1 })']).status !== 0

describe.skipIf(!needsMore)('few addresses', () => {
  const fact =
    'network: expected addresses for each network that is not disposed, of which V8 reserves 8 or 10 GiB, got too few; raise ulimit -v, or run Node with --disable-wasm-trap-handler'
  const program = `
    import { Network } from './dist/index.js'
    import { baseline as plain } from './dist/baseline.js'
    import { Predictor } from './dist/inference.js'
    const say = async (run) => console.log(await run().then(() => 'made', String))
    await say(async () => new Network([2, 1]))
    const baseline = new Network([2, 1], { engine: plain })
    await say(async () => Predictor.fromBytes(baseline.toBytes()))
    await say(async () => baseline.fit({ x: [1, 2], y: [1] }, { epochs: 1 }))`
  const run = (...flags: string[]): string[] =>
    limited(8_000_000, [...flags, '--input-type=module', '--eval', program])
      .stdout.trim()
      .split('\n')

  it('are what is said that there are too few of, not an error of the engine', () => {
    expect(run()).toEqual([
      `RangeError: ${fact}, or use { engine: baseline } of deltaprop/baseline`,
      `RangeError: ${fact}`,
      'made',
    ])
  })

  it('are enough where Node checks bounds', () => {
    expect(run('--disable-wasm-trap-handler')).toEqual(['made', 'made', 'made'])
  })

  it('are no error of the file that a command reads', async () => {
    const model = `${tmpdir()}/addresses-${process.pid}.safetensors`
    const train = ['train', 'examples/data/iris.csv', '--target', 'species', '--epochs', '1', '--out', model]
    const few = (args: readonly string[]): string => limited(8_000_000, ['dist/cli.js', ...args]).stderr
    expect(few(train)).toBe(`deltaprop: ${fact}\n`)
    expect(await deltaprop(train)).toHaveProperty('code', 0)
    expect(few(['predict', model, 'examples/data/iris.csv'])).toBe(`deltaprop: ${fact}\n`)
    expect(few(['inspect', model])).toBe(`deltaprop: ${fact}\n`)
    rmSync(model)
  })
})
