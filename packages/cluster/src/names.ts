/** What a cluster's streams, buckets and subjects are called. Several clusters may share a server: each has a name. */
import { version } from 'deltaprop'

/** Changes with what messages mean, or how streams are set up. */
const PROTOCOL = 1

/**
 * Who works together: the same protocol, the same deltaprop. Part of the subjects of jobs, so that no worker is given a
 * job that it would do otherwise.
 */
export const WORKS_WITH = `${version}-${PROTOCOL}`

/** Dots separate the tokens of a subject. */
const token = WORKS_WITH.replaceAll('.', '_')

/** Names of a cluster. */
export class Names {
  readonly name: string

  /** @throws RangeError unless it can be part of a subject and of a stream's name */
  constructor(name: string) {
    checkName(name)
    this.name = name
  }

  /** Streams. */
  get jobs(): string {
    return `${this.name}_jobs`
  }
  /** One for each run, which goes as a whole. */
  resultsStream(run: string): string {
    return `${this.name}_results_${run}`
  }
  /** of the parameters of a run's step */
  parametersStream(run: string): string {
    return `${this.name}_parameters_${run}`
  }
  /** The run whose stream this is, of results or of parameters; undefined for any other. */
  runOfStream(stream: string): { readonly run: string; readonly isOfResults: boolean } | undefined {
    const found = /^(.*)_(results|parameters)_([0-9a-f]{32})$/.exec(stream)
    if (found?.[1] !== this.name) return undefined
    return { run: found[3], isOfResults: found[2] === 'results' }
  }
  /** of the advisories about jobs that have been delivered too often */
  get givenUp(): string {
    return `${this.name}_given_up`
  }

  /** Buckets. */
  get runs(): string {
    return `${this.name}_runs`
  }
  get data(): string {
    return `${this.name}_data`
  }

  /** The consumer that all workers of this version share. */
  get consumer(): string {
    return `workers_${token}`
  }

  /** Subjects. */
  get allJobs(): string {
    return `${this.name}.job.>`
  }
  get jobsOfVersion(): string {
    return `${this.name}.job.${token}.>`
  }
  jobsOf(run: string): string {
    return `${this.name}.job.${token}.${run}.*`
  }
  job(run: string, index: number): string {
    return `${this.name}.job.${token}.${run}.${index}`
  }
  resultsOf(run: string): string {
    return `${this.name}.result.${run}.>`
  }
  result(run: string, index: number): string {
    return `${this.name}.result.${run}.${index}`
  }
  /** of a result in parts */
  part(run: string, index: number, parts: number, part: number): string {
    return `${this.result(run, index)}.${parts}.${part}`
  }
  parametersOf(run: string): string {
    return `${this.name}.parameters.${run}.*`
  }
  parameters(run: string, part: number): string {
    return `${this.name}.parameters.${run}.${part}`
  }
  get advisories(): string {
    return `$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${this.jobs}.>`
  }
  /** whoever hears it says what it is doing */
  get ping(): string {
    return `${this.name}.ping`
  }
  /** nobody waits for the results of a run any more */
  get stops(): string {
    return `${this.name}.stop.*`
  }
  stop(run: string): string {
    return `${this.name}.stop.${run}`
  }
  /** a worker has not found the data of a run */
  need(run: string): string {
    return `${this.name}.need.${run}`
  }

  /** Keys of the bucket of runs. */
  manifest(run: string): string {
    return `manifest.${run}`
  }
  lease(run: string): string {
    return `lease.${run}`
  }
}

/** @throws RangeError unless it can be the name of a cluster, or of a shard */
export function checkName(name: string): void {
  if (typeof name === 'string' && /^[a-zA-Z0-9_-]{1,32}$/.test(name)) return
  throw new RangeError(`name: expected 1 to 32 letters, digits, - and _, got ${JSON.stringify(name)}`)
}

/** A job of a run, or a part of its result. */
export interface Place {
  readonly run: string
  readonly index: number
  /** how many there are of the result, and which this is */
  readonly parts: number
  readonly part: number
}

/** What a subject of a job or a result ends with; undefined for any other. */
export function placeOf(subject: string): Place | undefined {
  const found = /\.([0-9a-f]{32})\.(\d{1,15})(?:\.(\d{1,5})\.(\d{1,5}))?$/.exec(subject)
  if (found === null) return undefined
  const [, run, index, parts = '1', part = '0'] = found as (string | undefined)[]
  return { run: String(run), index: Number(index), parts: Number(parts), part: Number(part) }
}
