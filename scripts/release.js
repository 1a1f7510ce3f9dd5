// Everything about a release that can be automated: `npm run release`. It stops before the steps that cannot be undone,
// and prints those instead.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'

/**
 * Exits with a message unless the condition holds.
 *
 * @param {boolean} isSo
 * @param {string} message
 * @returns {asserts isSo}
 */
function check(isSo, message) {
  if (isSo) return
  console.error(`release: ${message}`)
  process.exit(1)
}

/** The output of a command. @param {string} command @param {string[]} args */
function output(command, ...args) {
  return execFileSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 }).trim()
}

/** Runs a command with its output shown. @param {string} command @param {string[]} args */
function run(command, ...args) {
  console.log(`\n$ ${command} ${args.join(' ')}`)
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  check(status === 0, `${command} ${args.join(' ')}: exit code ${status}`)
}

function checkClean() {
  const changes = output('git', 'status', '--porcelain')
  check(changes === '', `expected a clean tree, got\n${changes}`)
}

/** @type {unknown} */
const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const { name, version } = /** @type {{ name: string, version: string }} */ (manifest)
const tag = `v${version}`

checkClean()
const newest = /^## (.*)$/m.exec(readFileSync('CHANGELOG.md', 'utf8'))?.[1] ?? 'nothing'
check(
  new RegExp(`^\\[${version.replaceAll('.', '\\.')}\\] – \\d{4}-\\d\\d-\\d\\d$`).test(newest),
  `CHANGELOG.md: expected [${version}] – YYYY-MM-DD at the top, as in package.json, got ${newest}`,
)
check(
  output('git', 'tag', '--list', tag) === '',
  `expected no tag ${tag} yet: raise the version of package.json`,
)

run('npm', 'ci')
run('npm', 'run', 'test:all')
run('npm', 'run', 'check')
// Neither the build nor a test may have changed a committed file.
checkClean()

mkdirSync('build', { recursive: true })
/** @type {unknown} */
const packed = JSON.parse(output('npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', 'build'))
const [{ filename, files, shasum }] =
  /** @type {[{ filename: string, files: { path: string, size: number }[], shasum: string }]} */ (packed)
console.log(`\n${name} ${version}, build/${filename}, sha1 ${shasum}:\n`)
for (const { path, size } of files) console.log(`${String(size).padStart(9)}  ${path}`)

console.log(`
All steps that can be taken back are done. Before the others: has .ci/run passed for this commit, with the matrix? Is what
CHANGELOG.md says of bits and files true? Then

    git tag --annotate ${tag} --message '${name} ${version}'
    git push origin ${tag}
    npm publish build/${filename}`)
