import { Hash } from '../base/hash.js'

/** The metadata entry that holds it. */
export const CHECKSUM = 'deltaprop.checksum'

/** The header of a tensor, and the digest of its bytes. */
export type TensorDigest = readonly [name: string, dtype: unknown, shape: unknown, digest: string]

/**
 * The checksum of a file covers the metadata, except itself, and every tensor's name, type, shape and numbers. It is
 * the digest of
 *
 *     ["name","text"]                        of each text of the metadata
 *     ["name","F32",[3,4],"01234567…"]       of each tensor, with the digest of its bytes
 *
 * as JSON in UTF-8, sorted by code units, separated by line feeds and padded with zeros to whole words: a tool that
 * writes texts and tensors in another order does not change it.
 */
export function checksumOf(
  metadata: Readonly<Record<string, unknown>>,
  tensors: readonly TensorDigest[],
): string {
  const lines = [...Object.entries(withoutChecksum(metadata)), ...tensors]
    .map((line) => JSON.stringify(line))
    .sort()
  const bytes = new TextEncoder().encode(lines.join('\n'))
  const words = new Uint8Array(Math.ceil(bytes.length / 4) * 4)
  words.set(bytes)
  return digestOf(words)
}

/** The digest of whole words, such as the numbers of a tensor. */
export function digestOf(bytes: ArrayBufferView): string {
  const hash = new Hash()
  hash.add(bytes)
  return hash.digest()
}

/** The other texts of the metadata. */
export function withoutChecksum(metadata: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => name !== CHECKSUM))
}
