// @ts-check
/** Installs the libraries that package-lock.json names, unless that has been done: `npm ci`, without any script of theirs. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const lock = new URL('package-lock.json', import.meta.url)
/** What has been installed. */
const installed = new URL('node_modules/installed-lock.json', import.meta.url)

if (!existsSync(installed) || !readFileSync(installed).equals(readFileSync(lock))) {
  console.log('Installing the other libraries')
  const cwd = fileURLToPath(new URL('.', import.meta.url))
  const { status } = spawnSync('npm', ['ci'], { cwd, stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0) process.exit(status ?? 1)
  copyFileSync(lock, installed)
}
