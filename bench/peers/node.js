// @ts-check
/** The Node that contenders run in. */
import { execFileSync } from 'node:child_process'

/**
 * @param {string} [wanted] a version, 24 or 24.1.0, or the path of a binary; the Node in use unless given
 * @returns {{ path: string, version: string }}
 */
export function findNode(wanted) {
  if (wanted === undefined) return { path: process.execPath, version: process.versions.node }
  const path = /^\d+(\.\d+)*$/.test(wanted) ? pathOfVersion(wanted) : wanted
  return { path, version: output(path, ['-p', 'process.versions.node']) }
}

/**
 * Of the package `node`, which is downloaded once.
 * @param {string} version
 */
function pathOfVersion(version) {
  return output('npx', ['-y', '-p', `node@${version}`, 'node', '-p', 'process.execPath'])
}

/** @type {(file: string, args: readonly string[]) => string} */
function output(file, args) {
  return execFileSync(file, args, { encoding: 'utf8', shell: process.platform === 'win32' }).trim()
}
