/** The command `deltaprop`. */
import { watchOutput } from './output.js'
import { main } from './program.js'

watchOutput()
const code = await main(process.argv.slice(2))
// What ended early has said so.
if (code !== 0) process.exitCode = code
