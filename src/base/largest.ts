/** The largest of some numbers, which may be too many for the arguments of one call; −∞ if there are none. */
export function largest(numbers: Iterable<number>): number {
  let most = -Infinity
  for (const number of numbers) if (number > most) most = number
  return most
}
