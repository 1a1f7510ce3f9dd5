import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Folders of what is installed or built. */
const others = new Set(['node_modules', 'dist', 'build', 'coverage', '.git'])

/** The Markdown files of the repository, from its root. */
export function markdownFiles(folder = '.'): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !others.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return markdownFiles(path)
      return entry.name.endsWith('.md') ? [path] : []
    })
    .sort()
}

/** A file's relative links to files, and to titles, that are not there. */
export function brokenLinks(path: string): string[] {
  return relativeLinks(path).filter((link) => {
    const target = targetOf(path, link)
    if (!existsSync(target)) return true
    return link.includes('#') && !anchors(target).has(decodeURI(link.slice(link.indexOf('#') + 1)))
  })
}

/** The files that a file's relative links lead to. */
export function linkedFiles(path: string): string[] {
  return relativeLinks(path).map((link) => targetOf(path, link))
}

function relativeLinks(path: string): string[] {
  const links = Array.from(proseOf(path).matchAll(/\]\(([^()\s]+)\)/g), ([, link]) => link)
  return links.filter((link) => !/^[a-z]+:/.test(link))
}

function targetOf(path: string, link: string): string {
  const [file] = link.split('#')
  return file === '' ? path : join(dirname(path), decodeURI(file))
}

/** The anchors of a page's titles, as GitHub makes them. */
function anchors(path: string): Set<string> {
  const found = new Set<string>()
  for (const [, title] of proseOf(path).matchAll(/^#+ (.+)$/gm)) {
    const slug = title
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-')
    let anchor = slug
    for (let again = 1; found.has(anchor); ++again) anchor = `${slug}-${again}`
    found.add(anchor)
  }
  return found
}

/** A page without its fenced blocks and without code in lines of text, but for titles, whose code is part of their anchors. */
function proseOf(path: string): string {
  return readFileSync(path, 'utf8')
    .replace(/^( *)```[^]*?^\1```$/gm, '')
    .replace(/^(?!#).*$/gm, (line) => line.replace(/`[^`]*`/g, '`'))
}
