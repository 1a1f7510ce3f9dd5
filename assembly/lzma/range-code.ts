/**
 * LZMA's range decoder: a number, `code`, lies somewhere in a range that starts at 0. Each bit splits the range in
 * proportion to the probability of a 0, and selects one of the two parts; a range below 2²⁴ is extended by the next
 * byte of the stream.
 *
 * Probabilities are u16 in units of 2⁻¹¹, the i-th at address 2·i; each bit decoded moves its probability 2⁻⁵ of the
 * way towards that bit.
 */
const BITS: u16 = 11
const RATE: u16 = 5
const EVEN: u16 = 1024

let code: u32 = 0
let range: u32 = 0
/** address of the next byte of the stream */
let next: usize = 0

/** Starts a stream, with n probabilities set to even odds. */
export function begin(stream: usize, n: u32): void {
  for (let i: u32 = 0; i < n; ++i) store<u16>(2 * i, EVEN)
  code = bswap<u32>(load<u32>(stream))
  range = u32.MAX_VALUE
  next = stream + 4
}

/** Whether nothing past the end has been read. */
// @ts-ignore: decorator
@inline
export function isWithin(end: usize): bool {
  return next <= end
}

/** One bit, decoded with the i-th probability. */
export function bit(i: u32): u32 {
  const p = load<u16>(2 * i)
  const bound = (range >>> BITS) * <u32>p
  const isOne = code >= bound
  if (isOne) {
    code -= bound
    range -= bound
    store<u16>(2 * i, p - (p >>> RATE))
  } else {
    range = bound
    store<u16>(2 * i, p + ((2 * EVEN - p) >>> RATE))
  }
  refill()
  return u32(isOne)
}

/**
 * n bits, highest first: the path from the root to a leaf of a tree with 2ⁿ leaves, whose probabilities begin at
 * `start`.
 */
export function tree(start: u32, n: u32): u32 {
  let node: u32 = 1
  while (node < 1 << n) node = 2 * node + bit(start + node)
  return node - (1 << n)
}

/** The same, lowest bit first. */
export function reverseTree(start: u32, n: u32): u32 {
  let node: u32 = 1
  let value: u32 = 0
  for (let i: u32 = 0; i < n; ++i) {
    const b = bit(start + node)
    node = 2 * node + b
    value |= b << i
  }
  return value
}

/** n bits, highest first, each equally likely to be 0 or 1. */
export function evenBits(n: u32): u32 {
  let value: u32 = 0
  for (; n > 0; --n) {
    range >>>= 1
    const isOne = code >= range
    if (isOne) code -= range
    refill()
    value = 2 * value + u32(isOne)
  }
  return value
}

function refill(): void {
  if (range >= 1 << 24) return
  range <<= 8
  code = (code << 8) | load<u8>(next++)
}
