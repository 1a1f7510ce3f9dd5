/**
 * The fields of a sample's records, without their quotes; up to the first malformed record, which the reader of the
 * file will report. Native string methods do the splitting: this runs once per file, before anything is compiled.
 */

export interface Split {
  readonly records: readonly (readonly string[])[]
  /** Whether the whole sample consists of records. */
  readonly isWhole: boolean
}

/** @param most the most fields of a record that are wanted */
export function splitRecords(sample: string, delimiter: string, most: number): Split {
  return sample.includes('"') ? splitQuoted(sample, delimiter, most) : splitPlain(sample, delimiter, most)
}

function splitPlain(sample: string, delimiter: string, most: number): Split {
  const records: string[][] = []
  for (const line of sample.split(/\r?\n/)) {
    if (line.includes('\r')) return { records, isWhole: false }
    if (line !== '') records.push(line.split(delimiter, most))
  }
  return { records, isWhole: true }
}

function splitQuoted(sample: string, delimiter: string, most: number): Split {
  const stop = new RegExp(`["\\r\\n\\u${delimiter.charCodeAt(0).toString(16).padStart(4, '0')}]|$`, 'g')
  const records: string[][] = []
  let record: string[] = []
  let fields = 0
  for (let at = 0; at < sample.length || fields > 0;) {
    const start = at
    let value: string
    if (sample[at] === '"') {
      const close = closingQuote(sample, at)
      if (close < 0) return { records, isWhole: false }
      value = sample.slice(start + 1, close).replaceAll('""', '"')
      at = close + 1
    } else {
      stop.lastIndex = start
      at = stop.exec(sample)?.index ?? sample.length
      value = sample.slice(start, at)
    }
    const isBlank = fields === 0 && at === start && sample[at] !== delimiter
    if (!isBlank && ++fields <= most) record.push(value)
    if (sample[at] === delimiter) {
      ++at
      continue
    }
    if (sample[at] === '\r') ++at
    if (at < sample.length && sample[at] !== '\n') return { records, isWhole: false }
    ++at
    if (!isBlank) records.push(record)
    record = []
    fields = 0
  }
  return { records, isWhole: true }
}

/** Where the quotes that open at `open` are closed; −1 if they are not. */
function closingQuote(sample: string, open: number): number {
  let close = sample.indexOf('"', open + 1)
  while (close >= 0 && sample[close + 1] === '"') close = sample.indexOf('"', close + 2)
  return close
}
