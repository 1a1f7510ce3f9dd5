/**
 * npm, npx among its commands, starts a command in a shell, and hands that the signals it gets. Most shells die of them
 * and hand none on. (deltaprop has the same for its own command.)
 */

/** Between two looks, in milliseconds. Half a second after its shell, npm ends, and with it a container that is its. */
const LOOK_MS = 100

/** The whole of a script, such as `deltaprop-cluster worker`; what others begin in their background may outlive their shell. */
const ALONE = /^(['"]?)deltaprop-cluster\1(\s[^&;|]*)?$/

/** Read as the program starts, since the shell may die while it reads its data. */
const shell = process.ppid

/**
 * Calls back once the shell has died in which npm has started this command. (On Windows that cannot be seen.)
 *
 * @returns ends the watch
 */
export function watchShell(onDeath: () => void): () => void {
  if (process.platform === 'win32' || !ALONE.test(process.env.npm_lifecycle_script ?? '')) {
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
