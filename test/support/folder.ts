/** What is in a folder, to see what has been touched of it. */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** Of every file its bytes, permissions and identity, of every link where it points to; by name. */
export function contentsOf(folder: string, prefix = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const entry of readdirSync(folder)) {
    const [name, path] = [join(prefix, entry), join(folder, entry)]
    const stats = lstatSync(path)
    const mode = (stats.mode & 0o777).toString(8)
    if (stats.isSymbolicLink()) found.set(name, `link ${readlinkSync(path)}`)
    else if (stats.isFile()) {
      found.set(name, `file ${mode} ${stats.ino} ${stats.mtimeMs} ${readFileSync(path, 'latin1')}`)
    } else {
      found.set(name, `no file ${mode}`)
      if (stats.isDirectory())
        for (const [inner, content] of contentsOf(path, name)) found.set(inner, content)
    }
  }
  return found
}

/** The names whose contents are not the same before and after. */
export function changed(before: Map<string, string>, after: Map<string, string>): string[] {
  const names = new Set([...before.keys(), ...after.keys()])
  return Array.from(names).filter((name) => before.get(name) !== after.get(name))
}
