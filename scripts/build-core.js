// Compiles assembly/ to build/core.wasm, build/core.relaxed.wasm and build/core.debug.wasm. A warning is an error.
import asc from 'assemblyscript/asc'

for (const target of ['core', 'relaxed', 'debug']) {
  const { error, stdout, stderr } = await asc.main(['--config', 'asconfig.json', '--target', target])
  process.stdout.write(stdout.toString())
  process.stderr.write(stderr.toString())
  if (error || /WARNING|ERROR/.test(stderr.toString())) process.exit(1)
}
