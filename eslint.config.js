import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

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
      eqeqeq: 'error',
    },
  },
  {
    // Of other libraries, which are not there and have no types, or wrong ones.
    files: ['bench/peers/libraries/**'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  {
    // Of packages that are installed with the example; its own test checks its types.
    files: ['examples/draw/**', 'examples/jsdoc/**', 'examples/react/**'],
    extends: [tseslint.configs.disableTypeChecked],
  },
)
