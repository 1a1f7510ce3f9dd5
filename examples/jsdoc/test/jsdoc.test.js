import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'
import { Model } from 'deltaprop/model'
import { judge, learn } from '../flowers.js'
import { mistakes } from './wrong.js'

const run = promisify(execFile)
const folder = fileURLToPath(new URL('..', import.meta.url))
const wrong = fileURLToPath(new URL('wrong.js', import.meta.url))
const iris = new URL('../../data/iris.csv', import.meta.url)
const setosa = { sepal_length: 5.1, sepal_width: 3.5, petal_length: 1.4, petal_width: 0.2 }
/** What the compiler has read, by name: it is asked three times. @type {Map<string, ts.SourceFile | undefined>} */
const files = new Map()
const reader = ts.createCompilerHost({}, true)
/** @type {ts.CompilerHost} */
const compiler = {
  ...reader,
  getSourceFile: (name, version) => {
    const file = files.get(normalize(name)) ?? reader.getSourceFile(name, version)
    files.set(normalize(name), file)
    return file
  },
}

describe('the program', () => {
  it('learns to tell irises apart', async () => {
    /** @type {number[]} */
    const losses = []
    const { model, accuracy } = await learn(await readFile(iris), (_, loss) => losses.push(loss))
    assert.equal(losses.length, 100)
    assert.ok(accuracy > 0.9, `accuracy ${accuracy}`)
    const opinion = judge(model, setosa)
    assert.equal(opinion.species, 'setosa')
    assert.ok(opinion.probability > 0.9)
    assert.deepEqual(judge(Model.fromBytes(model.toBytes()), setosa), opinion)
  })

  it('runs', async () => {
    const { stdout } = await run(process.execPath, ['index.js', ...Object.values(setosa).map(String)], {
      cwd: folder,
    })
    assert.match(
      stdout,
      /^epoch 20: .*\n(.*\n)*Model\(4 columns → species of 3 classes; .*\n.* held out .*\n5\.1 × .* setosa, 9/,
    )
  })
})

describe('a mistake', () => {
  for (const [name, make] of Object.entries(mistakes)) {
    it(`${name} is an error that names it`, async () => {
      await assert.rejects(
        () => Promise.resolve().then(make),
        (error) => error instanceof Error && error.message.includes(name.replaceAll("'", '"')),
      )
    })
  }

  it('is an error of the compiler, in its line', async () => {
    const source = await readFile(wrong, 'utf8')
    const bare = source.replaceAll('// @ts-expect-error', '//')
    const lines = bare.split('\n')
    const expected = Object.keys(mistakes).map((name) =>
      lines.findIndex((line) => line.includes(': () =>') && line.includes(name)),
    )
    assert.deepEqual(errorLines(source), [])
    assert.deepEqual(errorLines(bare), expected)
  })
})

describe('the compiler', () => {
  it('finds nothing wrong with the example, nor with the declarations of deltaprop', () => {
    const errors = ts.getPreEmitDiagnostics(program()).map(({ messageText }) => messageText)
    assert.deepEqual(errors, [])
  })
})

/** The example, as `tsc` finds it. */
function program() {
  const host = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: () => assert.fail('expected a tsconfig.json'),
  }
  const config = ts.getParsedCommandLineOfConfigFile(join(folder, 'tsconfig.json'), {}, host)
  assert.ok(config)
  return ts.createProgram(config.fileNames, config.options, compiler)
}

/**
 * The lines, from 0 on, in which the compiler finds something wrong with a text in the place of wrong.js.
 *
 * @param {string} text
 */
function errorLines(text) {
  files.set(wrong, ts.createSourceFile(wrong, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS))
  const errors = program().getSemanticDiagnostics(files.get(wrong))
  files.delete(wrong)
  return errors.map(({ file, start = 0 }) => file?.getLineAndCharacterOfPosition(start).line)
}
