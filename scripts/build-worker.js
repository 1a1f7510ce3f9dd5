// Bundles src/engine/wasm/threads/worker.ts and writes it as a string to src/engine/wasm/threads/worker.generated.ts.
import { writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const { outputFiles } = await build({
  entryPoints: ['src/engine/wasm/threads/worker.ts'],
  bundle: true,
  format: 'iife',
  target: 'es2022',
  minify: true,
  platform: 'neutral',
  write: false,
})
const source = outputFiles[0].text.trimEnd()
writeFileSync(
  'src/engine/wasm/threads/worker.generated.ts',
  `// Written by scripts/build-worker.js from src/engine/wasm/threads/worker.ts.
export const workerSource = ${JSON.stringify(source)}
`,
)
