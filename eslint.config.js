import { existsSync, readdirSync } from 'node:fs'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

/** Examples and packages that are installed by themselves: their types are there when test/examples has done that. */
const notInstalled = ['examples', 'packages']
  .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .filter((folder) => existsSync(`${folder}/package.json`) && !existsSync(`${folder}/node_modules`))

/**
 * The floors of src/, from the ground up: a file imports what lies below, never what lies above. docs/architecture.md says what each
 * may know.
 */
const floors = [
  ...['base', 'platform', 'definition', 'engine', 'metrics', 'state', 'formats', 'training', 'network'],
  ...['data', 'inference', 'index', 'model', 'scoring', 'interop', 'node', 'selection', 'cli'],
]

const importsGoDown = floors.map((floor, i) => {
  const above = floors.slice(i + 1)
  const regex = `^\\.{1,2}/(\\.\\./)*(${above.join('|')})(/|\\.js$)`
  const message = `src/${floor} imports what lies below it (see floors in eslint.config.js).`
  return defineConfig({
    files: [`src/${floor}/**`, `src/${floor}.ts`],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ regex, message }] }] },
  })
})

/** What only src/engine/wasm may say: elsewhere nothing knows an address. */
const addresses = [
  { selector: "Identifier[name='WebAssembly']", message: 'WebAssembly belongs to src/engine/wasm.' },
  { selector: "MemberExpression[property.name='buffer']", message: 'Memory belongs to src/engine/wasm.' },
]

/** What a message is called. */
const message = [
  ':matches(MemberExpression[property.name="message"]',
  'Identifier[name="message"]',
  'CallExpression[callee.name="messageOf"])',
].join(', ')

/** A message is for people: what a program wants to know is in the details of an error, of which messages are made. */
const messages = [
  `CallExpression > MemberExpression.callee > ${message}.object`,
  `CallExpression[callee.property.name=/^(exec|test)$/] > ${message}.arguments`,
  "AssignmentExpression > MemberExpression[property.name='message'].left",
].map((selector) => ({
  selector,
  message: 'No message is read or changed: see ErrorDetails in src/base/argument-error.ts.',
}))

export default defineConfig(
  { ignores: ['**/assembly/', 'build/', '**/dist/', 'coverage/', '**/*.generated.ts'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { requireDefaultForNonUnion: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Numbers, sizes and counts are what our messages are made of.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // node:test waits for its tests itself.
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['describe', 'it'] }] },
      ],
      '@typescript-eslint/unified-signatures': ['error', { ignoreOverloadsWithDifferentJSDoc: true }],
      eqeqeq: 'error',
    },
  },
  ...importsGoDown,
  {
    files: ['src/**'],
    ignores: ['src/engine/wasm/**'],
    rules: { 'no-restricted-syntax': ['error', ...addresses, ...messages] },
  },
  { files: ['src/engine/wasm/**'], rules: { 'no-restricted-syntax': ['error', ...messages] } },
  // Bytes of files are read through views, too; there is no memory of a module there.
  {
    files: ['src/formats/**', 'src/data/**', 'src/base/byte-order.ts'],
    rules: { 'no-restricted-syntax': ['error', addresses[0], ...messages] },
  },
  {
    // Of other packages, which are not there or have no types, or wrong ones; AssemblyScript's change those of Array everywhere.
    files: [
      'bench/peers/libraries/**',
      'test/other-tools/**',
      'test/fixtures/interop/*/*.js',
      'scripts/layout.js',
      ...notInstalled.map((folder) => `${folder}/**`),
    ],
    extends: [tseslint.configs.disableTypeChecked],
  },
)
