// @ts-check
/** What the cells are made with: the package as it is published, projects that install it, programs that run there. */
import { build } from 'esbuild'
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { entries } from '../../scripts/entries.js'
import { foreignModels } from '../support/foreign-files.js'
import { versions } from './versions.js'

/**
 * @typedef {import('./report.js').Cell} Cell
 * @typedef {import('./report.js').Report} Report
 */

const execute = promisify(execFile)

/** What a program prints its report after, in a line of its own. */
export const MARK = 'deltaprop-matrix-report '

/** What cannot be had on this machine, and says nothing about the package. */
export class Missing extends Error {}

/**
 * The package, packed as npm publishes it, and the suite, in a folder outside of the repository, so that nothing is found there but what
 * a project has installed.
 */
export class Kit {
  /** @param {string} folder @param {string} tarball */
  constructor(folder, tarball) {
    this.folder = folder
    this.tarball = tarball
  }

  /** Needs dist/, as `npm run build` makes it. The folder is gone when the process is. */
  static async create() {
    const folder = mkdtempSync(join(tmpdir(), 'deltaprop-matrix-'))
    process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
    // An interruption is an exit, too: what was started is ended then.
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
    const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', folder])
    /** @type {unknown} */
    const packed = JSON.parse(stdout)
    const [{ filename }] = /** @type {[{ filename: string }]} */ (packed)
    await bundle('suite', folder)
    await bundle('exchange', folder)
    return new Kit(folder, join(folder, filename))
  }

  /**
   * A new project in which the package is installed, and these packages, in the versions of versions.js; it has suite.js, and these files.
   *
   * @param {string} name of its folder
   * @param {{ packages?: readonly (keyof typeof versions)[], files?: Readonly<Record<string, string>>, isForeign?: boolean }} [contents] isForeign:
   *   the packages are for other processors, which npm would refuse
   * @returns {Promise<string>} its folder
   * @throws Missing if npm cannot install one of the packages
   */
  async project(name, { packages = [], files = {}, isForeign = false } = {}) {
    const folder = join(this.folder, name)
    mkdirSync(folder, { recursive: true })
    const manifest = {
      name,
      private: true,
      type: 'module',
      dependencies: {
        ...Object.fromEntries(packages.map((each) => [each, versions[each]])),
        deltaprop: `file:${this.tarball}`,
      },
    }
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
    for (const file of ['suite.js', 'exchange.js']) copyFileSync(join(this.folder, file), join(folder, file))
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), text)
    }
    try {
      const options = ['--no-audit', '--no-fund', '--loglevel=error', '--logs-max=0']
      await execute('npm', ['install', ...options, ...(isForeign ? ['--force'] : [])], {
        cwd: folder,
      })
    } catch (error) {
      // RESULTS.md says it, and the address of a registry is this machine's alone.
      throw new Missing(`npm install failed: ${lastLines(error).replace(/https?:\/\/[^/\s]+/g, '')}`)
    }
    return folder
  }
}

/**
 * Runs a program that prints MARK and a report as JSON in one line.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, timeout?: number }} options timeout: in milliseconds
 * @returns {Promise<Cell['outcome']>}
 */
export async function run(command, args, { cwd, env, timeout = 300_000 }) {
  try {
    const { stdout } = await execute(command, args, {
      cwd,
      env: { ...process.env, ...env },
      timeout,
      maxBuffer: 2 ** 24,
    })
    const line = stdout.split('\n').find((text) => text.startsWith(MARK))
    if (line === undefined) return { failed: `no report; it printed: ${stdout.slice(0, 1000)}` }
    /** @type {unknown} */
    const report = JSON.parse(line.slice(MARK.length))
    return { report: /** @type {Report} */ (report) }
  } catch (error) {
    return { failed: lastLines(error) }
  }
}

/** The end of what a program said before it failed. @param {unknown} error */
export function lastLines(error) {
  const { stderr, message = String(error) } = /** @type {{ stderr?: string, message?: string }} */ (error)
  return (stderr?.trim() || message).split('\n').slice(-12).join('\n')
}

/**
 * The suite, or another program, with what it needs of the tests; what it imports of src/ is the package.
 *
 * @param {string} name @param {string} folder
 */
async function bundle(name, folder) {
  await build({
    entryPoints: [`test/matrix/${name}.ts`],
    outfile: join(folder, `${name}.js`),
    external: ['node:*'],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    plugins: [
      {
        name: 'the-package',
        setup(build) {
          build.onResolve({ filter: /\/src\// }, ({ path, resolveDir }) => {
            const source = resolve(resolveDir, path.replace(/\.js$/, '.ts'))
            const entry = entries.find((each) => resolve(each.source) === source)
            if (entry === undefined) throw new Error(`${path}: expected an entry of the package`)
            return { path: entry.specifier, external: true }
          })
          // Of the files of other tools what there is in them: where the suite runs there may be none.
          build.onLoad({ filter: /\bforeign-files\.js$/ }, () => ({
            contents: `export const foreignModels = ${JSON.stringify(foreignModels)}`,
          }))
        },
      },
    ],
  })
}
