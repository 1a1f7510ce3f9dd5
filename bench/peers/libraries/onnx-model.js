/**
 * A dense network as the bytes of an ONNX model: a Gemm and an activation for each layer, from `x` to `o`.
 *
 * Protocol buffers: a field is its number and wire type, then a varint (0), a length and so many bytes (2), or 4 bytes (5). The
 * numbers of the fields are those of onnx.proto3 in the specification of ONNX.
 */
const FLOAT = 1
const INT = 2

/** @param {readonly import('../library.js').Layer[]} layers */
export function onnxModel(layers) {
  const last = layers.length - 1
  const nodes = layers.flatMap(({ activation }, l) => [
    node('Gemm', [l === 0 ? 'x' : `a${l - 1}`, `w${l}`, `b${l}`], `z${l}`, [intAttribute('transB', 1)]),
    node(operators[activation], [`z${l}`], l === last ? 'o' : `a${l}`),
  ])
  const tensors = layers.flatMap(({ units, inputs, weights, biases }, l) => [
    tensor(`w${l}`, [units, inputs], weights),
    tensor(`b${l}`, [units], biases),
  ])
  const graph = message(
    ...nodes.map((bytes) => bytesField(1, bytes)),
    textField(2, 'deltaprop'),
    ...tensors.map((bytes) => bytesField(5, bytes)),
    bytesField(11, value('x', layers[0].inputs)),
    bytesField(12, value('o', layers[last].units)),
  )
  const opset = message(textField(1, ''), intField(2, 13))
  return message(intField(1, 8), bytesField(7, graph), bytesField(8, opset))
}

const operators = { sigmoid: 'Sigmoid', relu: 'Relu', softmax: 'Softmax' }

function node(operator, inputs, output, attributes = []) {
  return message(
    ...inputs.map((name) => textField(1, name)),
    textField(2, output),
    textField(4, operator),
    ...attributes.map((bytes) => bytesField(5, bytes)),
  )
}

function intAttribute(name, integer) {
  return message(textField(1, name), intField(3, integer), intField(20, INT))
}

function tensor(name, dimensions, values) {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return message(
    ...dimensions.map((size) => intField(1, size)),
    intField(2, FLOAT),
    textField(8, name),
    bytesField(9, raw),
  )
}

/** Any number of samples × columns, float. */
function value(name, columns) {
  const shape = message(bytesField(1, textField(2, 'samples')), bytesField(1, intField(1, columns)))
  const type = message(bytesField(1, message(intField(1, FLOAT), bytesField(2, shape))))
  return message(textField(1, name), bytesField(2, type))
}

const message = (...fields) => new Uint8Array(Buffer.concat(fields))
const intField = (number, integer) => message(varint(8 * number), varint(integer))
const bytesField = (number, bytes) => message(varint(8 * number + 2), varint(bytes.length), bytes)
const textField = (number, text) => bytesField(number, Buffer.from(text))

function varint(integer) {
  const bytes = []
  for (; integer >= 128; integer = Math.floor(integer / 128)) bytes.push((integer % 128) + 128)
  return Uint8Array.from([...bytes, integer])
}
