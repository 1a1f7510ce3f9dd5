import { readModelProto } from './proto.js'

/** The names of the files in which an ONNX file has its weights, if it does. */
export function externalNames(bytes: Uint8Array): readonly string[] {
  const { graph } = readModelProto(bytes)
  const attributes = (graph?.nodes ?? []).flatMap((node) => node.attributes)
  const ofNodes = attributes.flatMap(({ tensor }) => tensor ?? [])
  const external = [...(graph?.initializers ?? []), ...ofNodes].filter(({ location }) => location === 1)
  const names = external.flatMap((tensor) => tensor.external.filter(({ key }) => key === 'location'))
  return [...new Set(names.map(({ value }) => value))]
}
