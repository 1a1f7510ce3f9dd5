/** Graphs that no fixture has: how else exporters write the same, and what is no dense network. */
import { describe, expect, it } from 'vitest'
import { Network } from '../../src/index.js'
import { fromONNX, type OnnxOptions } from '../../src/interop/index.js'
import {
  writeModelProto,
  type NewGraph,
  type NewNode,
  type NewTensor,
} from '../../src/interop/onnx/proto-writer.js'
import { Model } from '../../src/model/index.js'

function node(op: string, inputs: string, output: string, more: Partial<NewNode> = {}): NewNode {
  return { op, inputs: inputs.split(' '), output, ...more }
}

function tensor(name: string, dims: readonly number[], values: readonly number[]): NewTensor {
  return { name, dims, values: Float32Array.from(values) }
}

const w = tensor('w', [2, 2], [1, 2, 3, 4])
const b = tensor('b', [2], [0.5, -0.5])

function graph(nodes: readonly NewNode[], more: Partial<NewGraph> = {}): Uint8Array {
  const initializers = [w, b, ...(more.initializers ?? [])]
  const x = { name: 'x', type: 1, width: 2 } as const
  const y = { name: 'y', type: 1, width: 2 } as const
  return writeModelProto({ nodes, inputs: [x], outputs: [y], ...more, initializers })
}

function read(nodes: readonly NewNode[], more?: Partial<NewGraph>, options?: OnnxOptions): Network {
  return fromONNX(graph(nodes, more), options).as(Network)
}

function refused(nodes: readonly NewNode[], more?: Partial<NewGraph>, options?: OnnxOptions): string {
  try {
    fromONNX(graph(nodes, more), options)
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('expected an error')
}

describe('how else exporters write it', () => {
  it('Gemm without transB, with alpha and beta', () => {
    const net = read([
      node('Gemm', 'x w b', 'y', { attributes: { alpha: { float: 2 }, beta: { float: 4 } } }),
    ])
    // 2·(1, 1)·((1, 2), (3, 4)) + 4·(½, −½)
    expect(Array.from(net.predict([1, 1]))).toEqual([10, 10])
  })

  it('biases that come first in Add, and weights behind Transpose and Identity', () => {
    const net = read([
      node('Transpose', 'w', 't', { attributes: { perm: { ints: [1, 0] } } }),
      node('Identity', 't', 'same'),
      node('MatMul', 'x same', 'z'),
      node('Add', 'b z', 'sum'),
      node('Relu', 'sum', 'y'),
    ])
    expect(Array.from(net.predict([1, 1]))).toEqual([3.5, 6.5])
    expect(net.layers.map(({ activation }) => activation)).toEqual(['relu'])
  })

  it('Sub and Div by column before the first layer are folded into it', () => {
    const initializers = [tensor('mean', [2], [1, 2]), tensor('deviation', [1, 2], [2, 4])]
    const nodes = [node('Sub', 'x mean', 'c'), node('Div', 'c deviation', 's'), node('Gemm', 's w b', 'y')]
    expect(Array.from(read(nodes, { initializers }).predict([3, 6]))).toEqual([4.5, 5.5])
  })

  it('a hard sigmoid of another slope is that of a layer with other weights', () => {
    const attributes = { alpha: { float: 0.2 }, beta: { float: 0.5 } }
    const net = read([node('Gemm', 'x w b', 'z'), node('HardSigmoid', 'z', 'y', { attributes })])
    expect(Array.from(net.predict([0.1, 0]))).toEqual([expect.closeTo(0.62, 6), expect.closeTo(0.44, 6)])
  })

  it('what scales outputs behind their activation is a layer of its own', () => {
    const initializers = [tensor('ten', [], [10])]
    const nodes = [node('Gemm', 'x w b', 'z'), node('Sigmoid', 'z', 's'), node('Mul', 's ten', 'y')]
    const net = read(nodes, { initializers })
    expect(net.layers.map(({ activation }) => activation)).toEqual(['sigmoid', 'linear'])
    expect(net.predict([0, 0])[0]).toBeCloseTo(10 / (1 + Math.exp(-0.5)), 5)
  })

  it('a ReLU as the larger of z and 0', () => {
    const initializers = [tensor('zero', [], [0])]
    const net = read([node('Gemm', 'x w b', 'z'), node('Max', 'z zero', 'y')], { initializers })
    expect(net.layers[0].activation).toBe('relu')
  })

  it('a ReLU with a bound is a hard sigmoid of another range', () => {
    const initializers = [tensor('low', [], [0]), tensor('high', [], [6])]
    const net = read([node('Gemm', 'x w b', 'z'), node('Clip', 'z low high', 'y')], { initializers })
    expect(net.layers.map(({ activation }) => activation)).toEqual(['hardSigmoid', 'linear'])
    for (const x of [-4, -1, 0, 0.3, 1, 1.7]) {
      expect(net.predict([x, 0])[0]).toBeCloseTo(Math.min(Math.max(x + 0.5, 0), 6), 5)
      expect(net.predict([x, x])[1]).toBeCloseTo(Math.min(Math.max(6 * x - 0.5, 0), 6), 5)
    }
  })

  it('CELU with a parameter is an ELU that is scaled', () => {
    const attributes = { alpha: { float: 0.5 } }
    const net = read([node('Gemm', 'x w b', 'z'), node('Celu', 'z', 'y', { attributes })])
    expect(net.predict([-1, 0])[0]).toBeCloseTo(0.5 * Math.expm1(-0.5 / 0.5), 6)
  })

  it.each([
    ['Greater', 'g x0 zero'],
    ['GreaterOrEqual', 'g x0 zero'],
    ['Less', 'g zero x0'],
    ['LessOrEqual', 'g zero x0'],
  ])('a ReLU as %s and Where', (op, where) => {
    const initializers = [tensor('zero', [], [0])]
    const nodes = [node('Gemm', 'x w b', 'x0'), node(op, 'x0 zero', 'g'), node('Where', where, 'y')]
    expect(read(nodes, { initializers }).layers[0].activation).toBe('relu')
  })

  it('equal slopes of all units', () => {
    const initializers = [tensor('slopes', [2], [0.25, 0.25])]
    const net = read([node('Gemm', 'x w b', 'z'), node('PRelu', 'z slopes', 'y')], { initializers })
    expect(net.layers[0].activation).toEqual({ type: 'leakyRelu', slope: 0.25 })
  })

  it('some columns of an input, from one to another', () => {
    const x = { name: 'x', type: 1, width: 5 } as const
    const index = (name: string, value: number): NewTensor => tensor(name, [1], [value])
    const initializers = [index('from', -4), index('to', 3), index('axis', 1)]
    const converted = fromONNX(
      graph([node('Slice', 'x from to axis', 's'), node('Gemm', 's w b', 'y')], {
        inputs: [x],
        initializers,
      }),
    )
    expect(converted.notes).toEqual(['the network takes its inputs in this order: x1, x2'])
  })

  it('sizes that are computed from those of the input', () => {
    const initializers = [
      { name: 'zero', dims: [1], values: BigInt64Array.of(0n) },
      { name: 'rest', dims: [1], values: BigInt64Array.of(-1n) },
      { name: 'one', dims: [1], values: BigInt64Array.of(1n) },
    ]
    for (const first of [
      node('Gather', 'sizes zero', 'rows'),
      node('Slice', 'sizes zero one zero', 'rows'),
    ]) {
      const nodes = [
        node('Shape', 'x', 'sizes'),
        first,
        node('Concat', 'rows rest', 'both', { attributes: { axis: { int: 0 } } }),
        node('Reshape', 'x both', 'r'),
        node('Gemm', 'r w b', 'y'),
      ]
      expect(read(nodes, { initializers }).inputs).toBe(2)
    }
  })

  it('logits become classes where the options say so', () => {
    const options = {
      output: 'softmax',
      classes: ['yes', 'no'],
      columns: ['a', 'b'],
      targets: ['answer'],
    } as const
    const model = fromONNX(graph([node('Gemm', 'x w b', 'y')]), options).as(Model)
    // yes: 1·1 + ½, no: 1·2 − ½
    expect(model.predict({ a: 1, b: 0 })).toEqual({ answer: 'no', probabilities: { no: 0.5, yes: 0.5 } })
    expect(model.predict({ a: -1, b: 0 }).answer).toBe('yes')
  })

  it('one sigmoid, 1 − p and p, is two classes', () => {
    const initializers = [
      tensor('v', [2, 1], [1, 1]),
      tensor('one', [1], [1]),
      { name: 'names', dims: [2], values: ['no', 'yes'] },
    ]
    const nodes = [
      node('MatMul', 'x v', 'z'),
      node('Sigmoid', 'z', 'p'),
      node('Sub', 'one p', 'q'),
      node('Concat', 'q p', 'y', { attributes: { axis: { int: 1 } } }),
      node('ArgMax', 'y', 'best', { attributes: { axis: { int: 1 } } }),
      node('ArrayFeatureExtractor', 'names best', 'label', { domain: 'ai.onnx.ml' }),
    ]
    const outputs = [
      { name: 'label', type: 8, width: 0 },
      { name: 'y', type: 1, width: 2 },
    ] as const
    const converted = fromONNX(graph(nodes, { initializers, outputs }))
    const answer = converted.as(Model).predict({ x0: 1, x1: 2 })
    expect(answer.class).toBe('yes')
    expect((answer.probabilities as unknown as Record<string, number>).yes).toBeCloseTo(
      1 / (1 + Math.exp(-3)),
      6,
    )
    expect(converted.notes).toContain(
      'node 0 MatMul z: the sigmoid of one unit became a softmax of two, which is the same',
    )
  })
})

describe('several outputs', () => {
  const named = (...names: string[]): NewGraph['outputs'] =>
    names.map((name) => ({ name, type: 1, width: 2 }))
  const best = (of: string): NewNode => node('ArgMax', of, 'best', { attributes: { axis: { int: -1 } } })
  const gemm = node('Gemm', 'x w b', 'z')
  const softmax = node('Softmax', 'z', 'p')

  it.each([
    ['first', ['z', 'p']],
    ['last', ['p', 'z']],
  ])('probabilities count, and not logits that come %s', (_, names) => {
    const converted = fromONNX(graph([gemm, softmax], { outputs: named(...names) }))
    expect(converted.notes).toEqual(['output z: left out, for it is on the way to output p'])
    expect(converted.as(Network).layers.map(({ activation }) => activation)).toEqual(['softmax'])
  })

  it.each([
    ['of the logits', 'z'],
    ['of the probabilities', 'p'],
  ])('the most probable class, %s', (_, of) => {
    const converted = fromONNX(graph([gemm, softmax, best(of)], { outputs: named('best', 'p') }))
    expect(converted.notes).toEqual([])
    expect(converted.as(Network).layers.map(({ activation }) => activation)).toEqual(['softmax'])
  })

  it('the most probable of labels, before their sigmoid', () => {
    const nodes = [gemm, node('Sigmoid', 'z', 'p'), best('z')]
    expect(read(nodes, { outputs: named('p', 'best') }).layers[0].activation).toBe('sigmoid')
  })

  it('the most probable class and its probability', () => {
    const most = node('ReduceMax', 'p', 'most', { attributes: { axes: { ints: [1] } } })
    const converted = fromONNX(graph([gemm, softmax, most, best('p')], { outputs: named('most', 'best') }))
    expect(converted.notes).toEqual(['the outputs are what the class is chosen by, not its number'])
    expect(converted.as(Network).layers.map(({ activation }) => activation)).toEqual(['softmax'])
  })

  it('what a hidden layer gives is left out', () => {
    const nodes = [gemm, node('Relu', 'z', 'r'), node('Gemm', 'r w b', 'y')]
    const converted = fromONNX(graph(nodes, { outputs: named('r', 'y') }))
    expect(converted.notes).toEqual(['output r: left out, for it is on the way to output y'])
  })

  it.each<[string, NewNode[], string[], string]>([
    [
      'two activations of the same layer',
      [gemm, node('Relu', 'z', 'r'), node('Tanh', 'z', 't')],
      ['r', 't'],
      't',
    ],
    [
      'two heads',
      [gemm, node('Relu', 'z', 'r'), node('Gemm', 'r w b', 'y'), node('Tanh', 'z', 't')],
      ['t', 'y'],
      't',
    ],
    [
      'a class that something else is chosen by',
      [gemm, node('Neg', 'z', 'n'), best('n'), softmax],
      ['best', 'p'],
      'best',
    ],
    [
      'a class of a hidden layer',
      [gemm, best('z'), node('Relu', 'z', 'r'), node('Gemm', 'r w b', 'y')],
      ['best', 'y'],
      'best',
    ],
    [
      'the smallest',
      [gemm, best('z'), node('Neg', 'z', 'n'), node('Sigmoid', 'n', 'p')],
      ['best', 'p'],
      'best',
    ],
  ])('%s: refused', (_, nodes, names, where) => {
    expect(refused(nodes, { outputs: named(...names) })).toBe(
      `output ${where}: expected one path through the layers, got a second one`,
    )
  })

  it('the largest over the samples: refused', () => {
    expect(refused([gemm, node('ReduceMax', 'z', 'y')])).toBe(
      'node 1 ReduceMax y: expected the last axis, 1 or −1, got NaN',
    )
  })

  it('a name for the largest probability: refused', () => {
    const most = node('ReduceMax', 'p', 'most', { attributes: { axes: { ints: [1] } } })
    const name = node('ArrayFeatureExtractor', 'b most', 'y', { domain: 'ai.onnx.ml' })
    expect(refused([gemm, softmax, most, name])).toBe(
      'node 3 ArrayFeatureExtractor y: expected some of the inputs, got some of what a layer computes',
    )
  })
})

describe('what would be another function if it were read as it looks', () => {
  const gemm = node('Gemm', 'x w b', 'z')
  const scalar = (name: string, value: number): NewTensor => tensor(name, [], [value])
  const axis = (value: number): Partial<NewNode> => ({ attributes: { axis: { int: value } } })
  const shape = (...sizes: number[]): NewTensor => ({
    name: 'shape',
    dims: [sizes.length],
    values: BigInt64Array.from(sizes, BigInt),
  })

  it.each<[string, NewNode[], NewTensor[], string]>([
    [
      'bounds far apart',
      [gemm, node('Clip', 'z low high', 'y')],
      [scalar('low', -100), scalar('high', 100)],
      'output y: expected an activation of deltaprop before it, got a function that is none of them',
    ],
    [
      'one of two bounds',
      [gemm, node('Clip', 'z low', 'y')],
      [scalar('low', -1)],
      'output y: expected an activation of deltaprop before it, got a function that is none of them',
    ],
    [
      'another value beyond a threshold',
      [gemm, node('Greater', 'z five', 'g'), node('Softplus', 'z', 's'), node('Where', 'g five s', 'y')],
      [scalar('five', 5)],
      'output y: expected an activation of deltaprop before it, got a function that is none of them',
    ],
    [
      'a slope for each unit',
      [gemm, node('PRelu', 'z slopes', 'y')],
      [tensor('slopes', [2], [0.1, 0.2])],
      'node 1 PRelu y: expected one number, got 2 for PRelu',
    ],
    [
      'as many equal slopes as there are no units',
      [gemm, node('PRelu', 'z slopes', 'y')],
      [tensor('slopes', [3], [0.1, 0.1, 0.1])],
      'node 1 PRelu y: expected one number, got 3 for PRelu',
    ],
    [
      'a sample that is picked behind a layer',
      [node('MatMul', 'x v', 'z'), node('Gather', 'z shape', 'y', axis(0))],
      [shape(0), tensor('v', [2, 1], [1, 1])],
      'node 1 Gather y: expected the last axis, 1 or −1, got 0',
    ],
    [
      'one of two units',
      [gemm, node('Gather', 'z shape', 'y', axis(1))],
      [shape(0)],
      'node 1 Gather y: expected some of the inputs, got some of what a layer computes',
    ],
    [
      'a dimension before the samples',
      [node('MatMul', 'x v', 'z'), node('Unsqueeze', 'z shape', 'y')],
      [shape(0), tensor('v', [2, 1], [1, 1])],
      'node 1 Unsqueeze y: expected rows of numbers, as they are, got Unsqueeze',
    ],
    [
      'every other column',
      [node('Slice', 'x low high one two', 's'), node('Gemm', 's w b', 'y')],
      [scalar('low', 0), scalar('high', 2), scalar('one', 1), scalar('two', 2)],
      'node 0 Slice s: expected some of the 2 columns, next to each other, got 0 to 2 by 2',
    ],
    [
      'a largest of three',
      [gemm, node('Max', 'z zero five', 'y')],
      [scalar('zero', 0), scalar('five', 5)],
      'output y: expected an activation of deltaprop before it, got a function that is none of them',
    ],
    [
      'two heads of a softmax',
      [gemm, node('Reshape', 'z shape', 'r'), node('Softmax', 'r', 'y', axis(-1))],
      [shape(-1, 2, 1)],
      'node 1 Reshape r: expected rows of numbers, as wide as they are, got sizes -1, 2, 1',
    ],
    [
      'rows of one',
      [gemm, node('Reshape', 'z shape', 'y')],
      [shape(-1, 1)],
      'node 1 Reshape y: expected rows of numbers, as wide as they are, got sizes -1, 1',
    ],
    [
      'a dimension more',
      [gemm, node('Unsqueeze', 'z shape', 'y')],
      [shape(1)],
      'node 1 Unsqueeze y: expected rows of numbers, as they are, got Unsqueeze',
    ],
    [
      'whole numbers',
      [gemm, node('Cast', 'z', 'y', { attributes: { to: { int: 7 } } })],
      [],
      "node 1 Cast y: expected numbers as they are, f32 or f64, got ONNX's data type 7",
    ],
    [
      'the largest over the samples',
      [gemm, node('ArgMax', 'z', 'y')],
      [],
      'node 1 ArgMax y: expected the last axis, 1 or −1, got 0',
    ],
    [
      'samples that are picked',
      [node('Gather', 'x shape', 'g', axis(0)), node('Gemm', 'g w b', 'y')],
      [shape(1, 0)],
      'node 0 Gather g: expected the last axis, 1 or −1, got 0',
    ],
    [
      'another threshold',
      [
        gemm,
        node('Sigmoid', 'z', 'p'),
        node('Binarizer', 'p', 'y', { domain: 'ai.onnx.ml', attributes: { threshold: { float: 0.75 } } }),
      ],
      [],
      'node 2 Binarizer y: expected a threshold of 0.5, got 0.75',
    ],
    [
      'a column twice',
      [node('Concat', 'x x', 'c', axis(1)), node('Gemm', 'c w b', 'y')],
      [],
      'node 0 Concat c: expected each column once, got one of x twice',
    ],
  ])('%s', (_, nodes, initializers, message) => {
    expect(refused(nodes, { initializers })).toBe(message)
  })

  it('columns in another order are said', () => {
    const converted = fromONNX(
      graph([node('Gather', 'x shape', 'g', axis(1)), node('Gemm', 'g w b', 'y')], {
        initializers: [shape(1, 0)],
      }),
    )
    expect(converted.notes).toEqual(['the network takes its inputs in this order: x1, x0'])
    expect(converted.as(Model).predict({ x0: 1, x1: 0 }).y0).toBe(3.5)
  })

  it('classes in another order are said', () => {
    const nodes = [gemm, node('Softmax', 'z', 'y', axis(-1))]
    expect(fromONNX(graph(nodes), { classes: ['yes', 'no'] }).notes).toEqual([
      'the outputs are in the order of the classes, ascending: "no", "yes"',
    ])
  })

  it('a class alone is said', () => {
    expect(fromONNX(graph([gemm, node('ArgMax', 'z', 'y', axis(1))])).notes).toEqual([
      'the outputs are what the class is chosen by, not its number',
    ])
  })

  it('images that are flattened have all their numbers', () => {
    const x = { name: 'x', type: 1, width: 2 } as const
    expect(read([node('Flatten', 'x', 'f'), node('Gemm', 'f w b', 'y')], { inputs: [x] }).inputs).toBe(2)
  })

  it('the parameter of an activation is that of the file', () => {
    const nodes = [gemm, node('LeakyRelu', 'z', 'y', { attributes: { alpha: { float: 0.25 } } })]
    const net = read(nodes, {}, { output: 'leakyRelu' })
    expect(net.layers[0].activation).toEqual({ type: 'leakyRelu', slope: 0.25 })
  })
})

describe('a small file that wants much', () => {
  it('widths that nothing has', () => {
    const wide = { name: 'a', type: 1, width: 2 ** 33 } as const
    const x = { name: 'x', type: 1, width: 2 } as const
    expect(
      refused(
        [node('Concat', 'a x', 'c', { attributes: { axis: { int: 1 } } }), node('Gemm', 'c w b', 'y')],
        { inputs: [wide, x] },
      ),
    ).toBe('node 1 Gemm y: expected 8589934594 inputs, as the graph has, got 2')
  })

  it('widths that are scaled', () => {
    const wide = { name: 'x', type: 1, width: 2 ** 33 } as const
    const nodes = [node('Mul', 'x two', 's'), node('Gemm', 's w b', 'y')]
    expect(refused(nodes, { inputs: [wide], initializers: [tensor('two', [], [2])] })).toBe(
      'node 1 Gemm y: expected 8589934592 inputs, as the graph has, got 2',
    )
  })

  it('columns that nothing has', () => {
    const wide = { name: 'x', type: 1, width: 2 ** 33 } as const
    const initializers = [tensor('from', [1], [0]), tensor('to', [1], [2 ** 32]), tensor('axis', [1], [1])]
    const nodes = [node('Slice', 'x from to axis', 's'), node('Gemm', 's w b', 'y')]
    expect(refused(nodes, { inputs: [wide], initializers })).toBe(
      'node 0 Slice s: expected some of the 8589934592 columns, next to each other, got 0 to 4294967296 by 1',
    )
  })

  it('constants that are put together again and again', () => {
    const name = Array.from({ length: 5000 }, () => 'w').join(' ')
    const nodes = [
      node('Concat', name, 'c', { attributes: { axis: { int: 0 } } }),
      node('MatMul', 'x c', 'y'),
    ]
    expect(refused(nodes, { initializers: [] })).toContain('node 0 Concat c: expected ')
  })

  it('thousands of transposes', () => {
    const big = tensor(
      'big',
      [100, 100],
      Array.from({ length: 10_000 }, () => 0.5),
    )
    const nodes = Array.from({ length: 500 }, (_, i) =>
      node('Transpose', i === 0 ? 'big' : `t${i - 1}`, `t${i}`),
    )
    nodes.push(node('MatMul', 'x t499', 'y'))
    expect(refused(nodes, { initializers: [big] })).toBe(
      'bytes: expected a file whose nodes keep no more numbers than it has bytes, got more',
    )
  })

  it('a function of twenty thousand operators', () => {
    const nodes = [node('Gemm', 'x w b', 'z'), node('Exp', 'z', 'e0')]
    for (let i = 0; i < 20_000; ++i) nodes.push(node('Mul', `e${i} two`, `e${i + 1}`))
    nodes.push(node('Identity', 'e20000', 'y'))
    expect(refused(nodes, { initializers: [tensor('two', [], [2])] })).toContain(
      'expected an activation of deltaprop before it',
    )
  })

  it('a million empty tensors', () => {
    // Field 7, the graph, with nothing but field 5, an initializer, of no bytes.
    const count = 200_000
    const bytes = new Uint8Array(6 + 2 * count)
    bytes.set([
      0x08,
      8,
      0x3a,
      ((2 * count) & 0x7f) | 0x80,
      (((2 * count) >> 7) & 0x7f) | 0x80,
      (2 * count) >> 14,
    ])
    for (let i = 0; i < count; ++i) bytes.set([0x2a, 0], 6 + 2 * i)
    expect(() => fromONNX(bytes)).toThrow('bytes: expected an ONNX file: cut off, or another format')
  })
})

describe('what is no dense network', () => {
  it.each([
    [
      'another operator',
      [node('Conv', 'x w', 'y')],
      'node 0 Conv y: expected an operator of a dense network, such as Gemm, MatMul, Add or Relu, got Conv',
    ],
    [
      'a second path',
      [
        node('Gemm', 'x w b', 'z'),
        node('Relu', 'z', 'r'),
        node('Gemm', 'r w b', 'z2'),
        node('Add', 'z2 r', 'y'),
      ],
      'node 3 Add y: expected one path through the layers, got a second one',
    ],
    [
      'an activation that deltaprop has not',
      [node('Gemm', 'x w b', 'z'), node('Exp', 'z', 'e'), node('Gemm', 'e w b', 'y')],
      'node 2 Gemm y: expected an activation of deltaprop before it, got a function that is none of them',
    ],
    [
      'the logarithm of a softmax',
      [node('Gemm', 'x w b', 'z'), node('LogSoftmax', 'z', 'y')],
      `node 1 LogSoftmax y: expected Softmax, got LogSoftmax; { output: 'softmax' } leaves out the logarithm`,
    ],
    [
      'no layer',
      [node('Relu', 'x', 'y')],
      'node 0 Relu y: expected what a layer computes, got the inputs themselves',
    ],
    [
      'a circle',
      [node('Add', 'y b', 'z'), node('Gemm', 'z w b', 'y')],
      'node 0 Add z: expected a value that comes before it in the file, got y',
    ],
    [
      'a result twice',
      [node('Gemm', 'x w b', 'y'), node('Gemm', 'y w b', 'y')],
      'node 1 Gemm y: expected a result with a name of its own, got y',
    ],
    [
      'an output that is not there',
      [node('Gemm', 'x w b', 'z')],
      'output y: expected a value that comes before it in the file, got y',
    ],
    [
      'an operator of somebody else',
      [node('Gemm', 'x w b', 'y', { domain: 'com.acme' })],
      "node 0 Gemm y: expected ONNX's own operators, got com.acme.Gemm",
    ],
    [
      'a softmax over the samples',
      [node('Gemm', 'x w b', 'z'), node('Softmax', 'z', 'y', { attributes: { axis: { int: 0 } } })],
      'node 1 Softmax y: expected the last axis, 1 or −1, got 0',
    ],
  ])('%s', (_, nodes, message) => {
    expect(refused(nodes)).toBe(message)
  })

  it('biases of another length', () => {
    expect(refused([node('Gemm', 'x w c', 'y')], { initializers: [tensor('c', [3], [1, 2, 3])] })).toBe(
      'node 0 Gemm y: expected 2 numbers, one for each column, got 3',
    )
  })

  it('a layer of another width', () => {
    const initializers = [tensor('v', [3, 1], [1, 2, 3])]
    expect(refused([node('Gemm', 'x w b', 'z'), node('MatMul', 'z v', 'y')], { initializers })).toBe(
      'node 1 MatMul y: expected 2 inputs, as node 0 Gemm z has units, got 3',
    )
  })

  it('a number that is not finite', () => {
    const initializers = [tensor('v', [2, 1], [1, NaN])]
    expect(refused([node('MatMul', 'x v', 'y')], { initializers })).toBe(
      'node 0 MatMul y.weights[0][1]: expected a finite number, got NaN',
    )
  })

  it('weights in a file that is not there', () => {
    const bytes = graph([node('Gemm', 'x w b', 'y')])
    expect(() => fromONNX(bytes.subarray(0, 40))).toThrow(
      'bytes: expected an ONNX file: cut off, or another format',
    )
  })

  it('more parameters than a file of this size has: a matrix that thousands of layers share', () => {
    const size = 100
    const initializers = [
      tensor(
        'v',
        [size, size],
        Array.from({ length: size * size }, () => 0.01),
      ),
    ]
    const nodes = Array.from({ length: 500 }, (_, i) =>
      node('MatMul', `${i === 0 ? 'x' : `z${i - 1}`} v`, `z${i}`),
    )
    nodes.push(node('Relu', 'z499', 'y'))
    const x = { name: 'x', type: 1, width: size } as const
    expect(refused(nodes, { initializers, inputs: [x] })).toMatch(
      /: expected a layer for which a file of this size has the numbers, got 100 × 100$/,
    )
  })
})

describe('what looks like something that a network has, and is not', () => {
  const constants = [
    tensor('fifth', [], [0.2]),
    tensor('zero', [], [0]),
    tensor('bias3', [1, 1, 2], [1, 2]),
    tensor('column', [2, 1], [1, 2]),
    tensor('w3', [1, 2, 2], [1, 2, 3, 4]),
    tensor('first', [], [0]),
    tensor('axis1', [1], [1]),
    tensor('starts', [2], [0, 1]),
    tensor('axes', [2], [1, 0]),
  ]

  it.each<[string, NewNode[], RegExp]>([
    [
      'a threshold near 0',
      [
        node('Gemm', 'x w b', 'z'),
        node('Abs', 'z', 'a'),
        node('Less', 'a fifth', 'is'),
        node('Where', 'is zero z', 'o'),
        node('Gemm', 'o w b', 'y'),
      ],
      /expected an activation of deltaprop before it, got a function that is none of them$/,
    ],
    [
      'CELU that bends the other way',
      [
        node('Gemm', 'x w b', 'z'),
        node('Celu', 'z', 'o', { attributes: { alpha: { float: -1 } } }),
        node('Gemm', 'o w b', 'y'),
      ],
      /expected an activation of deltaprop before it, got a function that is none of them$/,
    ],
    [
      'the number of samples in a computation',
      [
        node('Shape', 'x', 's'),
        node('Gather', 's first', 'n'),
        node('Cast', 'n', 'f', { attributes: { to: { int: 1 } } }),
        node('Gemm', 'x w b', 'z'),
        node('Mul', 'z f', 'o'),
        node('Gemm', 'o w b', 'y'),
      ],
      /expected a finite number, got NaN$/,
    ],
    [
      'a constant that adds dimensions',
      [node('Gemm', 'x w b', 'z'), node('Add', 'z bias3', 'y')],
      /^node 1 Add y: expected at most 2 dimensions, got 3$/,
    ],
    [
      'weights that add dimensions',
      [node('MatMul', 'x w3', 'y')],
      /expected weights of two dimensions, got 1 × 2 × 2$/,
    ],
    [
      'biases of rows, not of columns',
      [node('Gemm', 'x w b', 'z'), node('Unsqueeze', 'b axis1', 'c'), node('Add', 'z c', 'y')],
      /^node 2 Add y: expected numbers in one dimension, the last, got 2 × 1$/,
    ],
    [
      'a slice in two dimensions',
      [node('Slice', 'x starts axes axes', 's'), node('Gemm', 's w b', 'y')],
      /^node 0 Slice s: expected columns of one dimension, got several$/,
    ],
  ])('%s', (_, nodes, message) => {
    expect(refused(nodes, { initializers: constants })).toMatch(message)
  })

  it('batch normalisation of the second of three dimensions', () => {
    // By onnx.helper: x of n × 3 × 4, MatMul with 4 × 3, BatchNormalization, Relu.
    const bytes = Buffer.from(
      [
        'CAg6pwIKEQoBeAoBdxIBeiIGTWF0TXVsCikKAXoKAWcKAmJlCgJtdQoCdmESAXEiEkJhdGNoTm9ybWFsaXphdGlvbgoMCgFxEgF5',
        'IgRSZWx1EgFnKjsIBAgDEAFCAXdKMI2Lxr9KG4+/rYF0PzzZ7j5kj4E/BjAEvv3+zD7rjVy/Sqpfv5thCr90GZi+XKwNQCoVCAMQ',
        'AUIBYkoMAsEeP/ZyjL8JSgm/KhUIAxABQgFnSgw3agE/Lix8P1WVcz8qFggDEAFCAmJlSgxPKm8/uvbwvYqYYL8qFggDEAFCAm11',
        'SgySQHA/NNi5P43AKT8qFggDEAFCAnZhSgwO7pA/7BZwPyQtvD9aGAoBeBITChEIARINCgMSAU4KAggDCgIIBGIJCgF5EgQKAggB',
        'QgQKABARQg4KCmFpLm9ubngubWwQAw==',
      ].join(''),
      'base64',
    )
    expect(() => fromONNX(bytes)).toThrow(/BatchNormalization: expected the last axis, 2 or −1, got 1$/)
  })
})
