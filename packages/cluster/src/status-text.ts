/** A status as people read it, and as Prometheus does. */
import cliTruncate from 'cli-truncate'
import type pc from 'picocolors'
import type { Forgotten } from './abandoned.js'
import { WORKS_WITH } from './names.js'
import { clean, describeWorkers } from './roll-call.js'
import { HELD_KIND, SHARDS_KIND } from './shard-kind.js'
import type { RunStatus, Status } from './status.js'

type Colors = ReturnType<typeof pc.createColors>

/** Workers that are listed by name; of more, their number is said. */
const LISTED = 20
/** For the name of a worker, so that the rest of its line is on a terminal of 80 columns. */
const HOST_COLUMNS = 24

/** Lines for a terminal of so many columns. */
export function statusText(status: Status, colors: Colors, columns: number): string {
  const { workers, runs, server, name } = status
  const lines = [`${colors.bold(`cluster ${name}`)} at ${server.address}, nats-server ${server.version}`, '']
  const busy = workers.filter(({ run }) => run !== undefined).length
  lines.push(
    `${label('workers', colors)}${counted(workers.length)}${workers.length === 0 ? '' : `   ${busy} busy, ${workers.length - busy} idle`}`,
  )
  lines.push(`${label('jobs', colors)}${counted(status.running)} running, ${counted(status.waiting)} waiting`)
  if (runs.length === 0) lines.push(`${label('runs', colors)}none`)
  for (const run of runs) lines.push('', ...runLines(run, colors, columns))
  if (status.abandoned.length > 0) lines.push('', ...abandonedLines(status, colors))
  if (workers.length > 0) lines.push('', ...workerLines(status, colors))
  const advice = describeWorkers(workers)
  if (advice !== '') lines.push('', colors.yellow(advice))
  return lines.map((line) => cliTruncate(line, columns)).join('\n')
}

const label = (text: string, colors: Colors): string => colors.bold(text.padEnd(9))

function runLines(run: RunStatus, colors: Colors, columns: number): string[] {
  const { kind, jobs, done, failed, running, rate, left, host } = run
  const share = jobs === 0 ? 1 : done / jobs
  const cells = Math.max(10, Math.min(40, columns - 40))
  const full = Math.round(share * cells)
  const bar = colors.green('█'.repeat(full)) + colors.dim('░'.repeat(cells - full))
  const time = left === undefined ? '' : `, ${duration(left)} left`
  return [
    `${label('run', colors)}${run.run.slice(0, 8)}, ${clean(kind)}, coordinated at ${clean(host)}`,
    `${' '.repeat(9)}${bar} ${Math.floor(100 * share)} %`,
    `${' '.repeat(9)}${counted(done)} of ${counted(jobs)} done, ${counted(running)} running, ${failed === 0 ? '0' : colors.yellow(counted(failed))} failed   ${rateText(rate)}${time}`,
  ]
}

/** Runs that are listed; of more, their number is said. */
const ABANDONED = 5

function abandonedLines({ abandoned }: Status, colors: Colors): string[] {
  const lines = abandoned.slice(0, ABANDONED).map(({ run, kind, results }) => {
    const id = run.slice(0, 8)
    // Nobody goes on with a fit but from its checkpoint, which is a run of its own.
    if (kind === SHARDS_KIND || kind === HELD_KIND) return `${id}, a fit: its program has died`
    return `${id}, ${clean(kind) || 'jobs'}, ${counted(results)} results: its program has died, and may go on`
  })
  if (abandoned.length > ABANDONED) lines.push(`and ${abandoned.length - ABANDONED} more`)
  lines.push('deltaprop-cluster forget takes them off the server')
  return lines.map((line, i) => `${i === 0 ? label('left', colors) : ' '.repeat(9)}${line}`)
}

function workerLines({ workers }: Status, colors: Colors): string[] {
  const head = ['worker', 'run', 'done', 'failed', 'busy', 'version']
  const rows = workers
    .slice(0, LISTED)
    .map(({ host, run, done, failed, busy, version }) => [
      cliTruncate(clean(host), HOST_COLUMNS),
      run?.slice(0, 8) ?? '–',
      counted(done),
      counted(failed),
      duration(busy),
      version === WORKS_WITH ? version : `${clean(version)} (not ${WORKS_WITH})`,
    ])
  const widths = head.map((text, i) => Math.max(text.length, ...rows.map((row) => row[i].length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i >= 2 && i <= 4 ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd()
  const more = workers.length > LISTED ? [colors.dim(`and ${workers.length - LISTED} more`)] : []
  return [colors.bold(line(head)), ...rows.map(line), ...more]
}

const counted = (count: number): string => count.toLocaleString('en').replaceAll(',', ' ')

function rateText(rate: number): string {
  if (rate === 0) return 'no result yet'
  return rate >= 1 ? `${rate.toFixed(1)} jobs/s` : `${(60 * rate).toFixed(1)} jobs/min`
}

/** Seconds as `45 s`, `3 min`, `2 h 10 min`, `3 d 4 h`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 100) return `${whole} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 100) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** What has been taken off the server. */
export function forgottenText({ runs, jobs, data }: Forgotten): string {
  const some = (count: number, one: string, many: string): string[] =>
    count === 0 ? [] : [`${counted(count)} ${count === 1 ? one : many}`]
  const all = [
    ...some(runs.length, 'run', 'runs'),
    ...some(jobs, 'job', 'jobs'),
    ...some(data, 'set of data', 'sets of data'),
  ]
  return all.length === 0 ? 'there is nothing that nobody needs' : `taken off the server: ${all.join(', ')}`
}

/** The same in the text format of Prometheus. */
export function metricsText(status: Status): string {
  const { workers, runs, name } = status
  const lines: string[] = []
  const metric = (
    metricName: string,
    type: 'gauge' | 'counter',
    help: string,
    samples: [labels: object, value: number][],
  ): void => {
    const full = `deltaprop_cluster_${metricName}`
    lines.push(`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`)
    for (const [labels, value] of samples)
      lines.push(`${full}{${labelText({ cluster: name, ...labels })}} ${value}`)
  }
  const busy = workers.filter(({ run }) => run !== undefined).length
  metric('workers', 'gauge', 'Workers that answer.', [
    [{ state: 'busy' }, busy],
    [{ state: 'idle' }, workers.length - busy],
  ])
  metric('jobs', 'gauge', 'Jobs on the server.', [
    [{ state: 'running' }, status.running],
    [{ state: 'waiting' }, status.waiting],
  ])
  metric('abandoned_runs', 'gauge', 'Runs on the server that nobody coordinates.', [
    [{}, status.abandoned.length],
  ])
  const ofRun = ({ run }: RunStatus): object => ({ run: run.slice(0, 8) })
  metric(
    'run_jobs',
    'gauge',
    'Jobs of a run, all of them.',
    runs.map((run) => [ofRun(run), run.jobs]),
  )
  metric(
    'run_done',
    'gauge',
    'Jobs of a run that have results.',
    runs.map((run) => [ofRun(run), run.done]),
  )
  metric(
    'run_failed',
    'gauge',
    'Of these, those that have failed.',
    runs.map((run) => [ofRun(run), run.failed]),
  )
  const ofWorker = ({ host, id }: { host: string; id: string }): object => ({ worker: host, id })
  metric(
    'worker_done',
    'counter',
    'Jobs that a worker has done.',
    workers.map((each) => [ofWorker(each), each.done]),
  )
  metric(
    'worker_busy_seconds',
    'counter',
    'Time in which a worker had a job.',
    workers.map((each) => [ofWorker(each), each.busy]),
  )
  return `${lines.join('\n')}\n`
}

function labelText(labels: object): string {
  return Object.entries(labels as Record<string, string>)
    .map(([name, value]) => `${name}="${clean(value).replace(/[\\"]/g, '\\$&')}"`)
    .join(',')
}
