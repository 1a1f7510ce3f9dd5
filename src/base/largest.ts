/** The largest of numbers, of which there may be more than a call has room for; −∞ of none. */
export function largest(numbers: Iterable<number>): number {
  let most = -Infinity
  for (const number of numbers) if (number > most) most = number
  return most
}
