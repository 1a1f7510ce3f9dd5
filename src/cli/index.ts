/** The command `deltaprop`. */
import { messageOf } from '../node/file-errors.js'
import { watchOutput } from './output.js'
import { run } from './program.js'
import { printable } from './terminal.js'

watchOutput()
try {
  const code = await run(process.argv.slice(2))
  // A command that ends early has said so.
  process.exitCode ??= code
} catch (error) {
  // What is wrong is said in the message; where in this program it was found helps nobody.
  process.stderr.write(`deltaprop: ${printable(messageOf(error), Infinity)}\n`)
  process.exitCode = 1
}
