// @ts-check
/** @typedef {import('./data.js').Digits} Digits */

/**
 * What the network read in one picture.
 *
 * @typedef {object} Reading
 * @property {number} index of the sample
 * @property {number} label the digit that it shows
 * @property {number} digit the digit read
 * @property {number} probability that the network gave it
 */

/**
 * @param {import('deltaprop').Network} net
 * @param {Digits} digits
 * @returns {Reading[]}
 */
export function recognize(net, digits) {
  const outputs = net.predict(digits.x)
  return Array.from(digits.labels, (label, index) => {
    const row = outputs.subarray(index * 10, index * 10 + 10)
    const probability = Math.max(...row)
    return { index, label, digit: row.indexOf(probability), probability }
  })
}

/**
 * The share of pictures read correctly.
 *
 * @param {Reading[]} readings
 */
export function accuracy(readings) {
  return readings.filter(({ label, digit }) => digit === label).length / readings.length
}

/**
 * How often each digit was read as which.
 *
 * @param {Reading[]} readings
 * @returns {number[][]} 10 × 10, a row for each label
 */
export function confusionMatrix(readings) {
  const counts = Array.from({ length: 10 }, () => Array.from({ length: 10 }, () => 0))
  for (const { label, digit } of readings) counts[label][digit] += 1
  return counts
}
