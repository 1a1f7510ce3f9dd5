/**
 * Epochs at whose ends nobody looks, one after the other, each in an order of its own: the same numbers as Random and
 * writeOrder in TypeScript draw.
 */
import { allFinite } from '../kernels/finite'
import { Network, Report, Thread } from './structs'
import { train } from './step'

/**
 * Trains on the first n staged rows in batches, epoch after epoch; returns how many epochs have ended well. It stops
 * in an epoch whose loss or weights are not finite, or whose last batch is not reached.
 *
 *     report        overwritten
 *     losses        epochs   f64: the loss of each epoch, overwritten
 *     isShuffled    each epoch overwrites the order of the rows; otherwise it stays
 *     hash          of the name of the random stream that orders them, without the number behind it
 *     number        of the first epoch: the number behind the name, decimal; at most 2⁵³
 */
export function trainEpochs<T extends number>(
  net: Network,
  thread: Thread,
  report: Report,
  losses: usize,
  epochs: usize,
  n: usize,
  batch: usize,
  isShuffled: bool,
  hash: u32,
  number: f64,
): usize {
  const batches = <f64>((n + batch - 1) / batch)
  let epoch = <u64>number
  let tens: u32 = 0
  for (let i: usize = 0; i < epochs; ++i) {
    if (isShuffled) {
      const digit = <u32>(epoch % 10)
      if (i == 0 || digit == 0) tens = hashDigits(hash, epoch / 10)
      shuffle(net.order, n, hashCharacter(tens, ZERO + digit))
    }
    train<T>(net, thread, report, 0, n, batch, 0, true, false, 0)
    store<f64>(losses + i * sizeof<f64>(), report.loss)
    if (report.batches != batches || !isFinite(report.loss)) return i
    if (!allFinite<T>(net.parameters, net.parameterCount)) return i
    epoch += 1
  }
  return epochs
}

/** The code of the character 0. */
const ZERO: u32 = 48

/** 2³² divided by the golden ratio. */
const GOLDEN: u32 = 0x9e3779b9

function hashDigits(hash: u32, number: u64): u32 {
  if (number == 0) return hash
  return hashCharacter(hashDigits(hash, number / 10), ZERO + <u32>(number % 10))
}

// @ts-ignore: decorator
@inline
function hashCharacter(hash: u32, code: u32): u32 {
  return fmix32((hash ^ code) + GOLDEN)
}

/** The finaliser of MurmurHash3. */
// @ts-ignore: decorator
@inline
function fmix32(x: u32): u32 {
  x = (x ^ (x >>> 16)) * 0x85ebca6b
  x = (x ^ (x >>> 13)) * 0xc2b2ae35
  return x ^ (x >>> 16)
}

/** Overwrites the order of n rows: Fisher and Yates, from the last place to the first, by xoshiro128**. */
function shuffle(order: usize, n: usize, seed: u32): void {
  for (let i: usize = 0; i < n; ++i) store<u32>(order + i * sizeof<u32>(), <u32>i)
  let a = fmix32(seed + GOLDEN)
  let b = fmix32(seed + 2 * GOLDEN)
  let c = fmix32(seed + 3 * GOLDEN)
  let d = fmix32(seed + 4 * GOLDEN)
  for (let i = <u32>n; i > 1; --i) {
    let product: u64
    do {
      product = <u64>(rotl<u32>(b * 5, 7) * 9) * <u64>i
      const t = b << 9
      c ^= a
      d ^= b
      b ^= c
      a ^= d
      c ^= t
      d = rotl<u32>(d, 11)
    } while (<u32>product < i && <u32>product < -i % i)
    const last = order + (i - 1) * sizeof<u32>()
    const other = order + <usize>(product >> 32) * sizeof<u32>()
    const row = load<u32>(last)
    store<u32>(last, load<u32>(other))
    store<u32>(other, row)
  }
}
