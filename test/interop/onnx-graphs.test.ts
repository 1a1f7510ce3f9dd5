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
      'node 1 Softmax y: expected a softmax over the units, axis 1, got 0',
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
      /: expected no more parameters than a file of this size has, got more$/,
    )
  })
})
