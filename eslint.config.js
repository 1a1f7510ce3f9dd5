import { existsSync, readdirSync } from 'node:fs'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

/** Examples that have packages of their own: their types are there when test/examples has installed them. */
const notInstalled = readdirSync('examples')
  .map((name) => `examples/${name}`)
  .filter((folder) => existsSync(`${folder}/package.json`) && !existsSync(`${folder}/node_modules`))

export default defineConfig(
  { ignores: ['**/assembly/', 'build/', 'dist/', 'coverage/', '**/*.generated.ts'] },
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
      eqeqeq: 'error',
    },
  },
  {
    // Of other packages, which are not there or have no types, or wrong ones.
    files: ['bench/peers/libraries/**', ...notInstalled.map((folder) => `${folder}/**`)],
    extends: [tseslint.configs.disableTypeChecked],
  },
)
