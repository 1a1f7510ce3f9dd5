/**
 * The fields of a sample's records, without the quotes around them; up to a record that is none, which who reads the file
 * will find. Texts are split by what is native: this runs once a file, before anything is compiled.
 */

export interface Split {
  readonly records: readonly (readonly string[])[]
  /** Whether all of the sample are records. */
  readonly isWhole: boolean
}

export function splitRecords(sample: string, delimiter: string): Split {
  return sample.includes('"') ? splitQuoted(sample, delimiter) : splitPlain(sample, delimiter)
}

function splitPlain(sample: string, delimiter: string): Split {
  const records: string[][] = []
  for (const line of sample.split(/\r?\n/)) {
    if (line.includes('\r')) return { records, isWhole: false }
    if (line !== '') records.push(line.split(delimiter))
  }
  return { records, isWhole: true }
}

function splitQuoted(sample: string, delimiter: string): Split {
  const sign = `[\\u${delimiter.charCodeAt(0).toString(16).padStart(4, '0')}]`
  const inner = sign.slice(1, -1)
  const field = new RegExp(`(?:"((?:[^"]|"")*)"|([^"\\r\\n${inner}]*))(${sign}|\\r?\\n|$)`, 'y')
  const records: string[][] = []
  let record: string[] = []
  while (field.lastIndex < sample.length || record.length > 0) {
    const match = field.exec(sample) as readonly (string | undefined)[] | null
    if (match === null) return { records, isWhole: false }
    const [, quoted, plain = '', end] = match
    const isBlank = record.length === 0 && quoted === undefined && plain === '' && end !== delimiter
    if (!isBlank) record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === delimiter) continue
    if (!isBlank) records.push(record)
    record = []
    if (end === '') break
  }
  return { records, isWhole: true }
}
