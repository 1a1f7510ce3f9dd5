/** npx begins a command in a shell, and hands that the signals it gets; the shell dies of them, and hands none on. */

/** Between two looks, in milliseconds. */
const LOOK_MS = 500

/**
 * Calls back once the shell has died in which npx has begun this command.
 *
 * @returns ends the watch
 */
export function watchNpx(onDeath: () => void): () => void {
  const { npm_lifecycle_event: event, npm_lifecycle_script: script } = process.env
  // What another command of npx begins may outlive it.
  if (event !== 'npx' || script?.includes('deltaprop') !== true) return () => undefined
  const shell = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(timer)
    onDeath()
  }, LOOK_MS)
  timer.unref()
  return () => clearInterval(timer)
}
