// @ts-check
/** What is compared with: packages of npm, in package.json beside it, and of Debian. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const debian = [
  ...['python3-torch', 'python3-onnx', 'python3-sklearn', 'python3-h5py', 'python3-numpy'],
  ...['gcc', 'gcc-avr', 'avr-libc', 'simavr', 'libfann-dev'],
]

/** @returns {string[]} each with its version */
export function versions() {
  const { dependencies } = /** @type {{ dependencies: Record<string, string> }} */ (
    JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
  )
  const packages = Object.entries(dependencies).map(([name, version]) => {
    return version.startsWith('npm:') ? version.slice('npm:'.length).replace('@', ' ') : `${name} ${version}`
  })
  const { status, stdout, stderr, error } = spawnSync(
    'dpkg-query',
    ['--show', '--showformat', '${Package} ${Version}\n', ...debian],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`dpkg-query: ${error === undefined ? stderr : String(error)}`)
  // Neither npm nor Debian has Keras: its files and answers are in test/fixtures/interop/keras.
  return [`Node ${process.versions.node}`, ...packages, ...stdout.trim().split('\n'), 'Keras 3.15.1']
}
