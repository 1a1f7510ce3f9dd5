import { dirname, relative, resolve } from 'node:path'
import ts from 'typescript'

/**
 * The declarations of the entries, together with those of modules whose types they use; all others stay private. There
 * are no declaration maps, as they would point to sources that are not in the package; the docstrings are in the
 * declarations.
 *
 * @param {readonly string[]} entries in src/
 * @returns {Map<string, string>} the texts, by their files in dist/
 * @throws Error with the diagnostics of TypeScript
 */
export function declarationsOf(entries) {
  const { options } = readConfig('tsconfig.types.json')
  const program = ts.createProgram(entries, options)
  /** @type {Map<string, string>} */
  const texts = new Map()
  const { diagnostics } = program.emit(undefined, (file, text) => texts.set(resolve(file), text))
  check([...ts.getPreEmitDiagnostics(program), ...diagnostics])

  /** @type {Map<string, string>} */
  const declarations = new Map()
  const reached = new Set(entries.map((entry) => resolve('dist', relative('src', declarationOf(entry)))))
  for (const file of reached) {
    const text = texts.get(file)
    if (text === undefined) throw new Error(`${file}: expected declarations`)
    declarations.set(file, text)
    for (const { fileName } of ts.preProcessFile(text).importedFiles) {
      if (fileName.startsWith('.')) reached.add(resolve(dirname(file), declarationOf(fileName)))
    }
  }
  return declarations
}

/** @param {string} file a module, by its own path or as it is imported */
function declarationOf(file) {
  return file.replace(/\.[jt]s$/, '.d.ts')
}

/** @param {string} path */
function readConfig(path) {
  const read = ts.readConfigFile(path, (file) => ts.sys.readFile(file))
  const parsed = ts.parseJsonConfigFileContent(read.config, ts.sys, '.')
  check([...(read.error === undefined ? [] : [read.error]), ...parsed.errors])
  return parsed
}

/** @param {readonly ts.Diagnostic[]} diagnostics */
function check(diagnostics) {
  if (diagnostics.length === 0) return
  throw new Error(
    ts.formatDiagnostics(diagnostics, {
      getCanonicalFileName: String,
      getCurrentDirectory: () => process.cwd(),
      getNewLine: () => '\n',
    }),
  )
}
