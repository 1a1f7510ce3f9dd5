/** Files that are not a command's, or a fit's, to touch. */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { checkpointFile, Network } from '../../src/index.js'
import { load, save } from '../../src/node/index.js'
import type { Random } from '../../src/base/random.js'
import { changed, contentsOf } from '../support/folder.js'
import { inProcess } from '../support/in-process.js'
import { attack } from './attack.js'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'files-')))
const file = (name: string): string => join(folder, name)
const clear = (): void => {
  for (const name of readdirSync(folder)) rmSync(file(name), { recursive: true })
}
beforeEach(clear)
afterAll(() => rmSync(folder, { recursive: true }))

const data = { x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0] }
const fresh = (seed = 1): Network => new Network([2, 3, 1], { activation: 'tanh', seed })
const pick = <T>(random: Random, all: readonly T[]): T => all[random.below(all.length)]

attack(
  'Files',
  'fit and save touch the file that is named, and leave its links and permissions',
  { short: 60, full: 2000 },
  async (random) => {
    clear()
    const name = pick(random, ['net', 'net.json', '.net', 'é', 'x'.repeat(255), '💥'.repeat(63)])
    const bystanders = [
      `${name}.tmp`,
      `.${name}.tmp`,
      `${name}~`,
      `.${name}.000000000000.deltaprop.tmp`,
      'other.tmp',
    ]
    for (const other of bystanders.filter((each) => Buffer.byteLength(each) < 256)) {
      const kind = random.below(4)
      if (kind === 0) mkdirSync(file(other))
      else if (kind === 1) symlinkSync(pick(random, ['mine', 'nowhere', other]), file(other))
      else if (kind === 2) writeFileSync(file(other), 'mine', { mode: pick(random, [0o600, 0o644]) })
    }
    mkdirSync(file('folder'))
    writeFileSync(file('mine'), 'mine')
    const mode = pick(random, [0o600, 0o640, 0o664, 0o666, 0o755])
    const isThere = random.below(2) === 0
    const isLinked = random.below(2) === 0
    const target = isLinked ? 'folder/target' : name
    if (isThere) {
      writeFileSync(file(target), fresh().toBytes())
      chmodSync(file(target), mode)
    }
    if (isLinked) {
      symlinkSync(file('folder'), file('way'))
      symlinkSync('way/../folder/link', file(name))
      symlinkSync('./target', file('folder/link'))
    }
    const before = contentsOf(folder)
    const net = fresh(2)
    if (name.endsWith('.json') || random.below(2) === 0) await save(file(name), net)
    else await net.fit(data, { epochs: 2, checkpoint: checkpointFile({ path: file(name) }) })
    expect(changed(before, contentsOf(folder))).toEqual([target])
    expect((await load(file(name))).toBytes()).toEqual(net.toBytes())
    if (isThere) expect(statSync(file(target)).mode & 0o777).toBe(mode)
    if (isLinked) expect(lstatSync(file(name)).isSymbolicLink()).toBe(true)
  },
)

/** Another name of a file that may be there or not. */
function aliasOf(random: Random, path: string): string {
  const name = relative(folder, path)
  const link = file(`link${random.below(1e9)}`)
  switch (random.below(6)) {
    case 0:
      return relative(process.cwd(), path)
    case 1:
      return `${folder}/./../${relative(join(folder, '..'), folder)}//${name}`
    case 2:
      symlinkSync(path, link)
      return link
    case 3:
      symlinkSync(folder, link)
      return join(link, name)
    case 4:
      symlinkSync(link.slice(folder.length + 1), `${link}b`)
      symlinkSync(`./${name}`, link)
      return `${link}b`
    default:
      return path
  }
}

attack(
  'Files',
  'of two fits with one checkpoint, by whatever names, the second is an error, and the first is not disturbed',
  { short: 8, full: 250 },
  async (random) => {
    clear()
    const path = file('net')
    if (random.below(2) === 0) writeFileSync(path, fresh().toBytes())
    const alias = aliasOf(random, path)
    const resume = random.below(2) === 0
    if (resume) rmSync(path, { force: true })
    const [one, two] = [fresh(), fresh()]
    const options = { epochs: 5, checkpoint: checkpointFile({ path: aliasOf(random, path), resume }) }
    const second = (): Promise<unknown> =>
      two.fit(data, { epochs: 5, checkpoint: checkpointFile({ path: alias, resume }) }).then(
        () => 'no error',
        (error: unknown) => String(error),
      )
    const message = `got ${alias}, which another fit writes; await it first, or give each a path of its own`
    const at = random.below(5)
    if (at === 0) {
      // At once: it may be either.
      const [first, other] = await Promise.all([one.fit(data, options).catch(String), second()])
      const errors = [first, other].filter((each) => typeof each === 'string' && each !== 'no error')
      expect(errors).toEqual([expect.stringContaining('which another fit writes')])
    } else {
      let outcome: unknown
      const onEpoch = async ({ epoch }: { epoch: number }): Promise<void> => {
        if (epoch === at) outcome = await second()
      }
      await one.fit(data, { ...options, onEpoch })
      expect(outcome).toBe(`Error: checkpoint.path: expected a file that can be written, ${message}`)
      expect((await load(path)).toBytes()).toEqual(one.toBytes())
      expect(two.toBytes()).toEqual(fresh().toBytes())
    }
    // And when it is over the next one may.
    await fresh().fit(data, { epochs: 1, checkpoint: checkpointFile({ path: alias }) })
  },
)

attack(
  'Files',
  'a checkpoint that something else has written meanwhile is not overwritten, and one that is gone is written again',
  { short: 20, full: 500 },
  async (random) => {
    clear()
    const path = file('net')
    const isThere = random.below(2) === 0
    if (isThere) writeFileSync(path, fresh(7).toBytes())
    const checkpoint = checkpointFile({ path: aliasOf(random, path), every: 1 + random.below(3) })
    const at = 1 + random.below(5)
    const way = random.below(3)
    const theirs = 'x'.repeat(random.below(2000))
    const onEpoch = ({ epoch }: { epoch: number }): void => {
      if (epoch !== at) return
      rmSync(path, { force: true })
      if (way === 0) return
      writeFileSync(path, way === 1 ? theirs : fresh(8).toBytes())
      utimesSync(path, 1, 1)
    }
    const net = fresh()
    const fit = net.fit(data, { epochs: 6, checkpoint, onEpoch })
    if (way === 0) {
      await fit
      expect((await load(path)).toBytes()).toEqual(net.toBytes())
      return
    }
    await expect(fit).rejects.toThrow(
      /^fit: checkpoint: expected .* as this fit has left it, got what another program has put there; give each fit a path of its own; the weights are those after epoch \d$/,
    )
    expect(readFileSync(path)).toEqual(Buffer.from(way === 1 ? theirs : fresh(8).toBytes()))
    expect(readdirSync(folder).filter((name) => name.includes('.tmp'))).toEqual([])
    // It can be trained again, and written elsewhere.
    await net.fit(data, { epochs: 1, checkpoint: checkpointFile({ path: file('another') }) })
  },
)

attack(
  'Files',
  'a fit that goes on at once from the checkpoint of one that was aborted has a whole one',
  { short: 4, full: 80 },
  async (random) => {
    clear()
    const checkpoint = checkpointFile({ path: file('net'), resume: true })
    const whole = fresh()
    await whole.fit(data, { epochs: 30 })
    for (let i = 0; i < 4; ++i) {
      const controller = new AbortController()
      const fit = fresh().fit(data, { epochs: 30, checkpoint, signal: controller.signal })
      setTimeout(() => controller.abort(), random.below(12))
      await fit.catch(() => undefined)
    }
    const net = fresh()
    await net.fit(data, { epochs: 30, checkpoint })
    expect(net.toBytes()).toEqual(whole.toBytes())
  },
)

it.each([
  ['a folder', (path: string) => mkdirSync(path), 'a directory'],
  ['a pipe', (path: string) => execFileSync('mkfifo', [path]), 'a pipe or a device'],
  ['a link to a device', (path: string) => symlinkSync('/dev/null', path), 'a pipe or a device'],
  [
    'a link to itself',
    (path: string) => symlinkSync(path, path),
    'ELOOP: too many symbolic links encountered',
  ],
  [
    'a link to no folder',
    (path: string) => symlinkSync('/no/such', path),
    'ENOENT: no such file or directory',
  ],
])('a checkpoint that is %s is refused, and left as it is', async (_, make, got) => {
  make(file('net'))
  const before = contentsOf(folder)
  for (const resume of [false, true]) {
    await expect(
      fresh().fit(data, { checkpoint: checkpointFile({ path: file('net'), resume }) }),
    ).rejects.toThrow(`checkpoint.path: expected a file that can be written, got ${got}`)
  }
  expect(changed(before, contentsOf(folder))).toEqual([])
})

it('what a kill has left is taken away when it is old, and nothing else', async () => {
  const ours = '.net.0123456789ab.deltaprop.tmp'
  const others = [
    '.net.0123456789ab.tmp',
    '.net.0123456789a.deltaprop.tmp',
    '.net.0123456789ab.deltaprop.tmp.mine',
    '.net2.0123456789ab.deltaprop.tmp',
    'net.0123456789ab.deltaprop.tmp',
  ]
  for (const name of [ours, ...others]) {
    writeFileSync(file(name), 'x')
    utimesSync(file(name), Date.now() / 1000 - 700, Date.now() / 1000 - 700)
  }
  writeFileSync(file('.net.0123456789ac.deltaprop.tmp'), 'young')
  symlinkSync('.net.0123456789ab.tmp', file('.net.0123456789ad.deltaprop.tmp'))
  mkdirSync(file('.net.0123456789ae.deltaprop.tmp'))
  utimesSync(file('.net.0123456789ae.deltaprop.tmp'), 1, 1)
  const before = contentsOf(folder)
  await fresh().fit(data, { epochs: 1, checkpoint: checkpointFile({ path: file('net') }) })
  expect(changed(before, contentsOf(folder)).sort()).toEqual([ours, 'net'])
})

it('two processes with one checkpoint: neither overwrites what the other has written', () => {
  const script = `
    import { checkpointFile, Network } from './dist/index.js'
    const [path, seed] = process.argv.slice(1)
    const net = new Network([2, 3, 1], { seed: Number(seed) })
    await net.fit({ x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0] }, { epochs: 3, checkpoint: checkpointFile({ path }) })`
  const other = (): void => {
    execFileSync(process.execPath, ['--input-type=module', '-e', script, file('net'), '5'])
  }
  const onEpoch = ({ epoch }: { epoch: number }): void => {
    if (epoch === 2) other()
  }
  return expect(fresh().fit(data, { epochs: 4, checkpoint: checkpointFile({ path: file('net') }), onEpoch }))
    .rejects.toThrow(/got what another program has put there/)
    .then(async () => expect((await load(file('net'))).seed).toBe(5))
})

describe.skipIf(process.platform === 'win32')(
  'a disk that is full leaves what was there, and nothing beside it',
  () => {
    const script = `
    import { checkpointFile, Network, save } from './dist/node.js'
    const net = new Network([30, 30, 1], { seed: 1 })
    const [path, way] = process.argv.slice(1)
    if (way === 'save') await save(path, net)
    else await net.fit({ x: Array(60).fill(1), y: [0, 1] }, { epochs: 1, checkpoint: checkpointFile(path) })`
    const library = ['--input-type=module', '-e', script, file('net')]
    const train = ['dist/cli.js', 'train', 'examples/data/iris.csv', '-t', 'species', '--epochs', '2', '-o']
    const written = (name: string): string =>
      `${file(name)}: expected a file that can be written, got file too large`
    const checkpoint = 'fit: checkpoint: EFBIG: file too large, write; the weights are those after epoch 1'

    it.each([
      ['save', [...library, 'save'], written('net')],
      ['fit', [...library, 'fit'], checkpoint],
      ['train', [...train, file('net')], `deltaprop: ${written('net')}\n`],
      // What ended it is told, and that not even the model so far could be saved.
      [
        'train with a checkpoint',
        [...train, file('out'), '--checkpoint', file('net')],
        `deltaprop: ${checkpoint}; ${written('out')}\n`,
      ],
    ])('%s', (_, args, message) => {
      writeFileSync(file('net'), 'before')
      const before = contentsOf(folder)
      // No file of more than a kilobyte: that ends a write as a full disk does.
      const line = ['-c', 'ulimit -f 2; exec "$0" "$@"', process.execPath, ...args]
      const { status, stderr } = spawnSync('sh', line, { encoding: 'utf8' })
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(message) as string })
      expect(changed(before, contentsOf(folder))).toEqual([])
    })
  },
)

attack(
  'Files',
  'two names of one file are refused by every command, before anything is read or written',
  { short: 60, full: 3000 },
  async (random) => {
    clear()
    const [table, model] = [file('table.csv'), file('model')]
    writeFileSync(table, 'x,y\n1,2\n2,4\n3,6\n4,8\n')
    // Nothing of it is read: it is no model.
    writeFileSync(model, 'mine')
    const given = random.below(2) === 0 ? table : file('new')
    const alias = aliasOf(random, given)
    const hard = file('hard')
    if (given === table) linkSync(table, hard)
    const same = given === table && random.below(3) === 0 ? hard : alias
    const elsewhere = file('out')
    const train = ['train', table, '-t', 'y', '--epochs', '2']
    const lines =
      given === table
        ? [
            [...train, '-o', same],
            [...train, '-o', elsewhere, '--plot', same],
            [...train, '-o', elsewhere, '--checkpoint', same],
            [...train, '-o', elsewhere, '--checkpoint', same, '--resume'],
            ['predict', same, table],
            ['evaluate', same, table],
            ['explain', same, '--data', table],
          ]
        : [
            [...train, '-o', given, '--plot', same],
            [...train, '-o', same, '--checkpoint', given],
            [...train, '-o', elsewhere, '--plot', same, '--checkpoint', given],
          ]
    const line = pick(random, lines)
    const before = contentsOf(folder)
    const { code, stdout, stderr } = await inProcess(line)
    expect({ code, stdout }, line.join(' ')).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(
      /^deltaprop: (--\w+|the data): expected another file than (that of --\w+|the data|the model), got .*\n$/,
    )
    expect(changed(before, contentsOf(folder))).toEqual([])
  },
)

it.each(['--out', '--plot', '--checkpoint'])(
  '%s: a link that leads nowhere is known before the training',
  async (option) => {
    writeFileSync(file('table.csv'), 'x,y\n1,2\n2,4\n3,6\n4,8\n')
    symlinkSync('loop', file('loop'))
    symlinkSync('no/such/file', file('nowhere'))
    for (const name of ['loop', 'nowhere']) {
      const line = ['train', file('table.csv'), '-t', 'y', '-o', file('out'), option, file(name)]
      expect(await inProcess(line)).toEqual({
        code: 1,
        stdout: '',
        stderr: `deltaprop: ${file(name)}: expected a file in a folder that can be written\n`,
      })
    }
  },
)

it('standard output and error in a file of the command are refused too', () => {
  const run = (line: string): string => {
    try {
      return execFileSync('sh', ['-c', `node dist/cli.js ${line}`], { encoding: 'utf8', stdio: 'pipe' })
    } catch (error) {
      return (error as { stderr: string }).stderr
    }
  }
  const table = 'x,y\n1,2\n2,4\n3,6\n4,8\n'
  writeFileSync(file('table.csv'), table)
  writeFileSync(file('model'), fresh().toBytes())
  const [data, model] = [file('table.csv'), file('model')]
  const refused = (name: string, other: string): string =>
    `deltaprop: ${name}: expected another file than ${other}\n`
  expect(run(`evaluate ${model} ${data} >> ${data}`)).toBe(refused('standard output', 'the data'))
  expect(run(`inspect ${model} >> ${model}`)).toBe(refused('standard output', 'the model'))
  expect(run(`predict ${model} >> ${data} < ${data}`)).toBe(refused('standard output', 'the data'))
  expect(run(`train ${data} -t y -o ${file('out')} > ${file('out')}`)).toBe(
    refused('standard output', 'that of --out'),
  )
  run(`train ${data} -t y -o ${file('out')} 2> ${file('out')}`)
  expect(readFileSync(file('out'), 'utf8')).toBe(refused('standard error', 'that of --out'))
  expect(run(`train - -t y -o ${data} < ${data}`)).toBe(
    `deltaprop: --out: expected another file than the data, got ${data}\n`,
  )
  expect(readFileSync(data, 'utf8')).toBe(table)
  expect(readFileSync(model)).toEqual(Buffer.from(fresh().toBytes()))
})
