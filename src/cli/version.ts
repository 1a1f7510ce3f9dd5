/** The version of the package, whose package.json is next to dist/. */
import { readFileSync } from 'node:fs'

export function version(): string {
  const file = new URL('../package.json', import.meta.url)
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }
  return version
}
