/**
 * A separate module that decompresses the core, which ships as LZMA, as specified by its SDK, without a header. A byte
 * has three bits of the previous byte as its context; everything else has two bits of the position (lc = 3, lp = 0,
 * pb = 2).
 */
import { begin, bit, evenBits, isWithin, reverseTree, tree } from './range-code'

/** A state records what the last symbols were; below LITERAL_STATES, the last one was a byte. */
const STATES: u32 = 12
const LITERAL_STATES: u32 = 7
const POSITIONS: u32 = 4

/**
 * Where the probabilities of each kind begin. A length has two choices, then trees of 8, 8 and 256 leaves, with one of
 * each small tree per position.
 */
const IS_MATCH: u32 = 0
const IS_REPEATED: u32 = IS_MATCH + STATES * POSITIONS
const IS_OLDER: u32 = IS_REPEATED + STATES
const IS_LONG: u32 = IS_OLDER + 3 * STATES
const SLOT: u32 = IS_LONG + STATES * POSITIONS
const MIDDLE_BITS: u32 = SLOT + 4 * 64
const LOW_BITS: u32 = MIDDLE_BITS + 115
const LENGTH: u32 = LOW_BITS + 16
const REPEATED_LENGTH: u32 = LENGTH + 2 + 16 * POSITIONS + 256
const LITERAL: u32 = REPEATED_LENGTH + 2 + 16 * POSITIONS + 256
const COUNT: u32 = LITERAL + 8 * 0x300

/**
 * Decodes the first n bytes of a stream, and returns whether it is intact up to there. The bytes below 2·COUNT hold the
 * probabilities.
 *
 *     out     n bytes   overwritten
 *     stream            read up to `end`, and at most 64 bytes past it
 */
export function decode(out: usize, n: u32, stream: usize, end: usize): bool {
  begin(stream, COUNT)
  // The distances of the last four matches, minus one.
  let d0: u32 = 0
  let d1: u32 = 0
  let d2: u32 = 0
  let d3: u32 = 0
  let state: u32 = 0
  let done: u32 = 0
  while (done < n && isWithin(end)) {
    const at = out + done
    const position = done % POSITIONS
    const isAfterLiteral = state < LITERAL_STATES
    if (!bit(IS_MATCH + state * POSITIONS + position)) {
      const before: u32 = done > 0 ? load<u8>(at - 1) : 0
      const other: u32 = isAfterLiteral ? 0 : load<u8>(at - d0 - 1)
      store<u8>(at, literal(LITERAL + 0x300 * (before >>> 5), other, isAfterLiteral ? 0 : 0x100))
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6
      done += 1
      continue
    }
    let length: u32 = 1
    if (!bit(IS_REPEATED + state)) {
      length = lengthBy(LENGTH, position)
      d3 = d2
      d2 = d1
      d1 = d0
      d0 = distanceOf(length)
      state = isAfterLiteral ? 7 : 10
    } else if (!bit(IS_OLDER + state)) {
      const isLong = bit(IS_LONG + state * POSITIONS + position)
      if (isLong) length = lengthBy(REPEATED_LENGTH, position)
      state = isAfterLiteral ? 9 - isLong : 11
    } else {
      let d = d1
      if (bit(IS_OLDER + STATES + state)) {
        d = d2
        if (bit(IS_OLDER + 2 * STATES + state)) {
          d = d3
          d3 = d2
        }
        d2 = d1
      }
      d1 = d0
      d0 = d
      length = lengthBy(REPEATED_LENGTH, position)
      state = isAfterLiteral ? 8 : 11
    }
    if (d0 >= done) return false
    for (const stop = min(done + length, n); done < stop; ++done) {
      store<u8>(out + done, load<u8>(out + done - d0 - 1))
    }
  }
  return isWithin(end)
}

/** A byte. After a match, `other`, the byte that would have continued it, is the context while their bits agree. */
function literal(start: u32, other: u32, agreeing: u32): u32 {
  let symbol: u32 = 1
  while (symbol < 0x100) {
    other <<= 1
    const expected = other & agreeing
    const b = bit(start + agreeing + expected + symbol)
    agreeing = b ? expected : agreeing ^ expected
    symbol = 2 * symbol + b
  }
  return symbol
}

/** The length of a match in bytes, from 2 to 273. */
function lengthBy(start: u32, position: u32): u32 {
  const trees = start + 2
  if (!bit(start)) return 2 + tree(trees + 8 * position, 3)
  if (!bit(start + 1)) return 10 + tree(trees + 8 * (POSITIONS + position), 3)
  return 18 + tree(trees + 16 * POSITIONS, 8)
}

/** The distance, minus one, of a match of `length` bytes; the slot gives its two highest bits and their position. */
function distanceOf(length: u32): u32 {
  const slot = tree(SLOT + 64 * min<u32>(length - 2, 3), 6)
  if (slot < 4) return slot
  const bits = (slot >>> 1) - 1
  const high = (2 | (slot & 1)) << bits
  if (slot < 14) return high + reverseTree(MIDDLE_BITS + high - slot, bits)
  return high + (evenBits(bits - 4) << 4) + reverseTree(LOW_BITS, 4)
}
