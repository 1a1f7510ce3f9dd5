/** x·log(y), 0 where x is 0 */
const xLogY = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log(y))
/** x/y, 0 where x is 0 */
const over = (x: number, y: number): number => (x === 0 ? 0 : x / y)

/** The losses, sums over outputs: the term C of one output, and ∂C/∂o. */
export const losses: Readonly<
  Record<string, Readonly<Record<'value' | 'derivative', (o: number, y: number) => number>>>
> = {
  halfSquared: { value: (o, y) => (y - o) ** 2 / 2, derivative: (o, y) => o - y }, // (33), and a factor of (56)
  meanAbsolute: { value: (o, y) => Math.abs(y - o), derivative: (o, y) => Math.sign(o - y) },
  huber: {
    value: (o, y) => (Math.abs(o - y) < 1 ? (y - o) ** 2 / 2 : Math.abs(y - o) - 0.5),
    derivative: (o, y) => (Math.abs(o - y) < 1 ? o - y : Math.sign(o - y)),
  },
  binaryCrossEntropy: {
    value: (o, y) => -xLogY(y, o) - xLogY(1 - y, 1 - o),
    derivative: (o, y) => over(1 - y, 1 - o) - over(y, o),
  },
  categoricalCrossEntropy: { value: (o, y) => -xLogY(y, o), derivative: (o, y) => -over(y, o) },
}
