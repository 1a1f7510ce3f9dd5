/** The command `deltaprop`. */
import { watchOutput } from './output.js'
import { main } from './program.js'

watchOutput()
const code = await main(process.argv.slice(2))
// A command that ended early has already set its exit code.
if (code !== 0) process.exitCode = code
