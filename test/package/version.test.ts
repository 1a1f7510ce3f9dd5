/** One version of everything: who computes together compares it. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { version } from '../../src/index.js'

interface Manifest {
  readonly version: string
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const manifest = (path: string): Manifest => JSON.parse(readFileSync(path, 'utf8')) as Manifest

it('the version that is exported is that of the package', () => {
  expect(version).toBe(manifest('package.json').version)
})

it('deltaprop-cluster has the same, and works with no other', () => {
  const cluster = manifest('packages/cluster/package.json')
  expect(cluster.version).toBe(version)
  expect(cluster.peerDependencies).toEqual({ deltaprop: version })
})
