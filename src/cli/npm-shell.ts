/**
 * npm, npx among its commands, starts a command in a shell, and hands that the signals it gets. Most shells die of them
 * and hand none on. The build of packages/cluster takes this file, too, for its own command.
 */

/** Between two looks, in milliseconds. Half a second after its shell, npm ends, and with it a container that is its. */
const LOOK_MS = 100

/** Read as the program starts, since the shell may die while it reads its data. */
const shell = process.ppid

/**
 * Calls back once the shell has died in which npm has started this command. (On Windows that cannot be seen.)
 *
 * @param command its name
 * @returns ends the watch
 */
export function watchShell(command: string, onDeath: () => void): () => void {
  // The whole of a script, such as `deltaprop train …`: what others begin in their background may outlive their shell.
  const alone = new RegExp(`^(['"]?)${command}\\1(\\s[^&;|]*)?$`)
  if (process.platform === 'win32' || !alone.test(process.env.npm_lifecycle_script ?? '')) {
    return () => undefined
  }
  const timer = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(timer)
    onDeath()
  }, LOOK_MS)
  timer.unref()
  return () => clearInterval(timer)
}
