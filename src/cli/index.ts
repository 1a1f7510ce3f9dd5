/** The command `deltaprop`. */
import { commandMessage } from './command-message.js'
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
  process.stderr.write(`deltaprop: ${printable(commandMessage(error), Infinity)}\n`)
  process.exitCode = 1
}
