/** docs/coming-from.md: errors understand the names of its table, as it says. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { adam, Network } from '../../src/index.js'

const page = readFileSync('docs/coming-from.md', 'utf8')
const rows = Array.from(
  page.matchAll(/^\| ([\w -]+?) +\| (`.+`) +\| `(\w+)` +\|$/gm),
  ([, what, theirs, ours]) => {
    return { what, theirs: Array.from(theirs.matchAll(/`(\w+)`/g), ([, name]) => name), ours }
  },
)
const names = rows.flatMap(({ what, theirs, ours }) => theirs.map((name) => ({ what, name, ours })))

const any = (value: unknown): never => value as never
const net = new Network([2, 1])

/** What is wrong with a name where such names are given. */
const uses: Readonly<Record<string, (name: string) => unknown>> = {
  activation: (name) => new Network([2, 1], { activation: any(name) }),
  loss: (name) => new Network([2, 1], { loss: any(name) }),
  initialiser: (name) => new Network([2, 1], { initializer: any(name) }),
  'option of fit': (name) => net.fit({ x: [1, 2], y: [1] }, any({ [name]: 1 })),
  'hyper-parameter': (name) => adam(any({ [name]: 1 })),
  'option of Network': (name) => new Network([2, 1], any({ [name]: 1 })),
}

async function messageOf(use: () => unknown): Promise<string> {
  try {
    await use()
  } catch (error) {
    return (error as Error).message
  }
  return 'no error'
}

describe('names of other libraries', () => {
  it('are in the table', () => expect(names.length).toBeGreaterThan(20))

  it.each(names)('$what $name: $ours', async ({ what, name, ours }) => {
    expect(await messageOf(() => uses[what](name))).toContain(`did you mean ${ours}?`)
  })
})
