/** Formats numbers for people. */

/** 1234567 → `1,234,567` */
export function count(number: number): string {
  return number.toLocaleString('en')
}

/** `1 row`, `150 rows`, `3 classes` */
export function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : noun.endsWith('s') ? 'es' : 's'}`
}

/** 0.9861 → `98.6 %` */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

/** Four digits, integers in full: 0.05123, 1.23e-7, 12,346. */
export function short(number: number): string {
  if (!Number.isFinite(number)) return String(number)
  const size = Math.abs(number)
  if (Number.isInteger(number) && size < 1e6) return count(number)
  if (size >= 1e6 || size < 1e-4) return number.toExponential(2)
  if (size >= 1000) return number.toLocaleString('en', { maximumFractionDigits: 0 })
  return number.toPrecision(4)
}

/** 950 → `950 B`, 4100 → `4.1 kB` */
export function bytes(size: number): string {
  return scaled(size, [
    [1e9, ' GB'],
    [1e6, ' MB'],
    [1e3, ' kB'],
    [1, ' B'],
  ])
}

/** Three digits and a unit prefix: 28.5 M, 238 k, 12.3. */
export function rate(perSecond: number): string {
  return scaled(perSecond, [
    [1e9, ' G'],
    [1e6, ' M'],
    [1e3, ' k'],
    [1, ''],
  ])
}

/** Three digits: 12.3 s, 950 ms; in minutes from two minutes up: 3 min 20 s. */
export function duration(seconds: number): string {
  if (seconds >= 120) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
  return scaled(seconds, [
    [1, ' s'],
    [1e-3, ' ms'],
  ])
}

function scaled(value: number, units: readonly (readonly [number, string])[]): string {
  const [unit, name] = units.find(([unit]) => value >= 0.9995 * unit) ?? units[units.length - 1]
  const number = value / unit
  const isWhole = Number.isInteger(number) && number < 1000
  return number.toFixed(isWhole || number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2) + name
}
