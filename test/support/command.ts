import {
  spawn,
  spawnSync,
  type ChildProcessWithoutNullStreams,
  type SpawnSyncReturns,
} from 'node:child_process'

export interface Outcome {
  /** null for one that a signal ended */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Options {
  /** what standard input has; nothing unless given */
  readonly input?: string | Buffer
  readonly env?: Readonly<Record<string, string>>
  /** of Node itself */
  readonly node?: readonly string[]
}

/** Node with a standard output and error that say they are terminals. */
export const asTerminal = [
  '--import',
  'data:text/javascript,process.stdout.isTTY=true;process.stderr.isTTY=true',
]

/** The same, of so many columns. */
export function terminalOf(columns: number): string[] {
  const [flag, script] = asTerminal
  return [flag, `${script};process.stdout.columns=${columns};process.stderr.columns=${columns}`]
}

/** A training of the flowers with what it takes to go on with the same bits, long enough to be stopped in. */
export const longTraining = [
  ...['train', 'examples/data/iris.csv', '-t', 'species', '--epochs', '2000'],
  ...['--dropout', '0.1', '--schedule', 'cosine'],
]

/** Starts `deltaprop` as it is built, with a terminal's environment whatever the tests' own is. */
export function start(
  args: readonly string[],
  { env = {}, node = [] }: Options = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [...node, 'dist/cli.js', ...args], {
    env: {
      ...process.env,
      CI: undefined,
      FORCE_COLOR: undefined,
      NO_COLOR: '',
      TERM: 'xterm-256color',
      ...env,
    },
  })
}

/** Its outcome, when it has ended. */
export async function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
}

/** Runs Node to its end in so many kilobytes of addresses, where a shell can say that; its status is 0 elsewhere. */
export function limited(kilobytes: number, args: readonly string[]): SpawnSyncReturns<string> {
  const script = process.platform === 'linux' ? `ulimit -v ${kilobytes}; exec "$0" "$@"` : 'exit 0'
  return spawnSync('sh', ['-c', script, process.execPath, ...args], { encoding: 'utf8' })
}

/** Runs `deltaprop` to its end. */
export async function deltaprop(args: readonly string[], options: Options = {}): Promise<Outcome> {
  const child = start(args, options)
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  return outcomeOf(child)
}
