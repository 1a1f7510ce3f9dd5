/**
 * The data files that are made up: `node examples/data/make.js` writes them, the same bytes each time.
 *
 * Each is what some program exports, with what makes such files hard; what is to be learnt of it is in the functions below.
 */
import { writeFileSync } from 'node:fs'

const folder = new URL('./', import.meta.url)

/**
 * Random numbers of a seed: mulberry32.
 *
 * @param {number} seed
 */
function generator(seed) {
  let state = seed
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    uniform,
    /**
     * Irwin and Hall's: the sum of 12 uniform numbers, less 6, has variance 1.
     *
     * @param {number} mean
     * @param {number} deviation
     */
    normal: (mean, deviation) => {
      let sum = -6
      for (let i = 0; i < 12; ++i) sum += uniform()
      return mean + deviation * sum
    },
    /**
     * @template T
     * @param {readonly T[]} values
     */
    pick: (values) => values[Math.floor(uniform() * values.length)],
  }
}

const quoted = (/** @type {string} */ text) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
/**
 * @param {readonly string[]} names
 * @param {readonly (readonly (string | number)[])[]} rows
 */
const csv = (names, rows) => [names, ...rows].map((row) => `${row.join(',')}\n`).join('')
/**
 * @template T
 * @param {number} count
 * @param {(i: number) => T} make
 */
const times = (count, make) => Array.from({ length: count }, (_, i) => make(i))

/**
 * @param {string} name
 * @param {string | Buffer} content
 */
function write(name, content) {
  writeFileSync(new URL(name, folder), content)
}

/** Wines of three growers, whose number is the class. */
function wines(/** @type {number} */ seed, /** @type {number} */ count) {
  const { normal, pick } = generator(seed)
  const growers = [
    { alcohol: 13.7, acid: 2.0, phenols: 2.9, color: 5.5 },
    { alcohol: 12.3, acid: 1.9, phenols: 2.1, color: 3.1 },
    { alcohol: 13.2, acid: 3.3, phenols: 1.1, color: 7.3 },
  ]
  return csv(
    ['alcohol', 'malic_acid', 'phenols', 'color', 'grower'],
    times(count, () => {
      const grower = pick([0, 1, 2])
      const { alcohol, acid, phenols, color } = growers[grower]
      const of = (/** @type {number} */ mean, /** @type {number} */ deviation) =>
        Math.max(0.1, normal(mean, deviation)).toFixed(2)
      return [of(alcohol, 0.5), of(acid, 0.6), of(phenols, 0.4), of(color, 1.1), grower + 1]
    }),
  )
}

/** Passengers of a ship: women, children and the first class were saved more often. Of some the age or the cabin is not known. */
function passengers(/** @type {number} */ seed, /** @type {number} */ count, /** @type {number} */ first) {
  const { uniform, normal, pick } = generator(seed)
  const families = ['Abel', 'Brown', 'Cook', 'Day', 'Ford', 'Hill', 'King', 'Lee', 'Moor', 'Webb']
  /** @type {Record<string, string[]>} */
  const names = { male: ['Jim', 'Owen', 'Guy', 'Max', 'Tom'], female: ['Ann', 'Eve', 'Ida', 'May', 'Sue'] }
  return csv(
    ['id', 'name', 'class', 'sex', 'age', 'fare', 'cabin', 'port', 'survived'],
    times(count, (i) => {
      const rank = pick([1, 2, 3, 3])
      const sex = pick(['male', 'male', 'female'])
      const age = Math.max(1, Math.round(normal(40 - 4 * rank, 14)))
      const fare = (normal(120, 25) / rank ** 2 + 2).toFixed(2)
      const odds = (sex === 'female' ? 3.2 : -1.2) + (2 - rank) * 1.4 + (age < 14 ? 2.5 : 0)
      const title = sex === 'male' ? 'Mr.' : uniform() < 0.5 ? 'Mrs.' : 'Miss'
      const nick = uniform() < 0.1 ? ` ("${pick(names[sex])}")` : ''
      const name = quoted(`${pick(families)}, ${title} ${pick(names[sex])}${nick}`)
      const cabin =
        rank === 1 && uniform() < 0.7 ? `${pick(['A', 'B', 'C'])}${Math.ceil(uniform() * 99)}` : ''
      const survived = Number(uniform() < 1 / (1 + Math.exp(-1.5 * odds)))
      const known = uniform() < 0.85 ? age : ''
      const port = uniform() < 0.02 ? '' : pick(['S', 'S', 'S', 'C', 'Q'])
      return [first + i, name, rank, sex, known, fare, cabin, port, survived]
    }),
  )
}

/** A price list as German Excel saves it: windows-1252, semicolons at the ends too, decimal commas, points between thousands. */
function prices(/** @type {number} */ seed, /** @type {number} */ count) {
  const { uniform, normal, pick } = generator(seed)
  /** @type {Record<string, number>} */
  const kinds = { Bett: 420, Schrank: 560, Stuhl: 60, Tisch: 240, Bürostuhl: 190 }
  /** @type {Record<string, number>} */
  const woods = { Kiefer: 0.8, Buche: 1, Eiche: 1.5, Nussbaum: 1.9 }
  const numeral = (/** @type {number} */ value, /** @type {number} */ digits) => {
    const [whole, fraction] = value.toFixed(digits).split('.')
    return `${whole.replace(/\B(?=(\d{3})+$)/g, '.')},${fraction}`
  }
  const rows = times(count, (i) => {
    const kind = pick(Object.keys(kinds))
    const wood = pick(Object.keys(woods))
    const area = 0.3 + 2.5 * uniform()
    const price = kinds[kind] * woods[wood] * (0.6 + 0.5 * area) * normal(1, 0.03)
    return [`M-${1001 + i}`, kind, wood, numeral(area, 2), numeral(price, 2), ''].join(';')
  })
  const text = ['Artikelnummer;Möbel;Holz;Größe in m²;Preis;', ...rows].map((row) => `${row}\r\n`).join('')
  // Of windows-1252, these characters are as in Latin-1.
  return Buffer.from(text, 'latin1')
}

/** A data frame of a workshop's sensors with its index, `True` and `False`, and NaN where a sensor was silent. */
function sensors(/** @type {number} */ seed, /** @type {number} */ count) {
  const { uniform, normal } = generator(seed)
  return csv(
    ['', 'temperature', 'humidity', 'open_window', 'people', 'co2'],
    times(count, (i) => {
      const people = Math.floor(uniform() * 9)
      const isOpen = uniform() < 0.35
      const temperature = normal(20 + people * 0.3 - (isOpen ? 3 : 0), 0.8)
      const humidity = normal(38 + people * 1.5, 3)
      const co2 = normal(430 + people * (isOpen ? 35 : 110), 25)
      const or = (/** @type {string} */ text) => (uniform() < 0.04 ? 'NaN' : text)
      return [
        i,
        or(temperature.toFixed(2)),
        or(humidity.toFixed(1)),
        isOpen ? 'True' : 'False',
        people,
        co2.toFixed(1),
      ]
    }),
  )
}

/** Machines, each of which may have several faults at once. */
function faults(/** @type {number} */ seed, /** @type {number} */ count) {
  const { uniform, normal, pick } = generator(seed)
  return csv(
    ['model', 'temperature', 'vibration', 'pressure', 'overheated', 'bearing', 'leak'],
    times(count, () => {
      const overheated = uniform() < 0.35
      const bearing = uniform() < 0.3
      const leak = uniform() < 0.25
      const temperature = normal(61 + (overheated ? 19 : 0) + (bearing ? 4 : 0), 4)
      const vibration = normal(2.1 + (bearing ? 2.6 : 0), 0.5)
      const pressure = normal(6.2 - (leak ? 1.9 : 0), 0.4)
      const flags = [overheated, bearing, leak].map(Number)
      return [
        pick(['A', 'B', 'C']),
        temperature.toFixed(1),
        vibration.toFixed(2),
        pressure.toFixed(2),
        ...flags,
      ]
    }),
  )
}

write('wines.csv', wines(1, 180))
write('wines-new.csv', wines(2, 60))
write('passengers.csv', passengers(3, 300, 1))
write('passengers-new.csv', passengers(4, 100, 301))
write('preisliste.csv', prices(5, 200))
write('preisliste-neu.csv', prices(6, 60))
write('sensors.csv', sensors(7, 200))
write('sensors-new.csv', sensors(8, 60))
write('faults.csv', faults(9, 240))
write('faults-new.csv', faults(10, 80))
