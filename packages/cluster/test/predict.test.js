/** Answers for files by workers: the bytes of one machine, whatever happens on the way. */
import assert from 'node:assert/strict'
import { fork, spawn } from 'node:child_process'
import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { Model } from 'deltaprop/model'
import { save } from 'deltaprop/node'
import { AnswersFile } from '../dist/answers-file.js'
import {
  bounded,
  file,
  kill,
  lostAfter,
  open,
  Server,
  startWorkers,
  temporaryFolder,
  until,
  watched,
} from './support.js'

/** Megabytes of small pieces: each has 1024 rows. */
const small = 0.001

const ROWS = 20_000
const colours = ['r\ne;d', 'gré"en', '', 'blue']
/** @param {number} i */
const random = (i) => Math.imul(i + 1, 0x9e3779b1) >>> 0
/** @param {number} i */
const rowOf = (i) => ({
  size: (random(i) % 1000) / 10,
  colour: colours[random(i) % 4],
  weight: random(i) % 77,
})
/** @param {string} text */
const quoted = (text) => `"${text.replaceAll('"', '""')}"`
/** @param {number} i */
const fieldsOf = (i) => {
  const { size, colour, weight } = rowOf(i)
  return [String(size).replace('.', ','), quoted(colour), String(weight)].join(';')
}
const csv = `size;colour;weight\r\n${Array.from({ length: ROWS }, (_, i) => `${fieldsOf(i)}\r\n`).join('')}`
const jsonl = Array.from({ length: ROWS }, (_, i) => `${JSON.stringify(rowOf(i))}\n`).join('')

/** A model, files, and what one machine makes of them. @param {import('./support.js').Context} t */
async function workplace(t) {
  const folder = temporaryFolder(t)
  const at = (/** @type {string} */ name) => join(folder, name)
  const rows = Array.from({ length: 40 }, (_, i) => ({ ...rowOf(i), kind: `kind ${i % 3}` }))
  const model = at('model.safetensors')
  await save(model, Model.create(rows, { target: 'kind', hidden: [8], seed: 1 }))
  writeFileSync(at('rows.csv'), csv)
  writeFileSync(at('rows.jsonl'), jsonl)
  return { folder, at, model, csv: at('rows.csv'), jsonl: at('rows.jsonl'), out: at('answers') }
}

/** What a program prints. @param {import('./support.js').Context} t @param {string} program @param {...string} given */
async function run(t, program, ...given) {
  const child = watched(
    t,
    spawn(process.execPath, [program, ...given], { stdio: ['ignore', 'pipe', 'pipe'] }),
  )
  /** @type {Promise<unknown>} */
  const closed = new Promise((resolve) => child.on('close', resolve))
  const [code, stdout, stderr] = await Promise.all([closed, buffer(child.stdout), text(child.stderr)])
  return { code: Number(code), stdout, stderr }
}

const deltaprop = file('../../../dist/cli.js')
const command = file('../dist/cli.js')

/** @param {import('./support.js').Context} t @param {...string} given */
async function here(t, ...given) {
  const { code, stdout, stderr } = await run(t, deltaprop, 'predict', ...given)
  assert.equal(code, 0, stderr)
  assert.ok(stdout.length > 1000)
  return stdout
}

/** Bytes, of which a difference would be shown one by one. @param {Buffer} actual @param {Buffer} expected */
function same(actual, expected) {
  const at = actual.findIndex((byte, i) => byte !== expected[i])
  const show = (/** @type {Buffer} */ bytes) =>
    JSON.stringify(String(bytes.subarray(Math.max(0, at - 40), at + 40)))
  assert.ok(
    actual.equals(expected),
    `byte ${at} of ${actual.length}, ${expected.length}: ${show(actual)}, ${show(expected)}`,
  )
}

/** @param {import('./support.js').Context} t @param {string} url @param {number} silence see lostAfter */
async function heard(t, url, silence = lostAfter) {
  /** @type {string[]} */
  const said = []
  const on = await open(t, url, { lostAfter: silence, warn: (text) => said.push(text) })
  return { on, said }
}

/** A module that makes a worker slow, see slow-pieces.js. @param {string} folder @param {number} ms @param {string} [held] */
function slowly(folder, ms, held) {
  const path = join(folder, 'slow.mjs')
  const module = JSON.stringify(file('./slow-pieces.js'))
  writeFileSync(path, `import { slow } from ${module}\nslow(${ms}, ${JSON.stringify(held)})\n`)
  return path
}

describe('answers of workers', () => {
  for (const count of [1, 3]) {
    it(`${count} of them: the bytes of one machine, in pieces of any size`, async (t) => {
      const place = await workplace(t)
      const server = await Server.start(t)
      startWorkers(t, server.url, count)
      const { on, said } = await heard(t, server.url)
      const given = { model: place.model, out: place.out }
      const expected = {
        csv: await here(t, place.model, place.csv),
        json: await here(t, place.model, place.csv, '--json'),
        jsonl: await here(t, place.model, place.jsonl),
      }
      for (const piece of [small, 0.1, 1000]) {
        const progress = await bounded(on.predict({ ...given, file: place.csv, piece }), 60)
        same(readFileSync(place.out), expected.csv)
        const pieces = piece === small ? Math.ceil(ROWS / 1024) : piece === 1000 ? 1 : progress.pieces
        assert.deepEqual(progress, { pieces, written: pieces, before: 0 })
        await bounded(on.predict({ ...given, file: place.csv, piece, json: true }), 60)
        same(readFileSync(place.out), expected.json)
        await bounded(on.predict({ ...given, file: place.jsonl, piece }), 60)
        same(readFileSync(place.out), expected.jsonl)
      }
      assert.ok(said.includes('fields are separated by ";"'), said.join())
      assert.deepEqual(
        readdirSync(place.folder).filter((name) => name.startsWith('answers')),
        ['answers'],
      )
    })
  }

  it('answers that are larger than what they are about, and than a message', async (t) => {
    const place = await workplace(t)
    const server = await Server.start(t)
    startWorkers(t, server.url, 2)
    const { on } = await heard(t, server.url)
    const rows = Array.from({ length: 800 }, (_, i) => ({ x: i / 7, kind: `kind ${i}` }))
    await save(place.model, Model.create(rows, { target: 'kind', hidden: [4], seed: 2 }))
    const path = place.at('few.csv')
    writeFileSync(path, `x\n${Array.from({ length: 2000 }, (_, i) => `${i / 17}\n`).join('')}`)
    const { pieces } = await bounded(on.predict({ model: place.model, file: path, out: place.out }), 60)
    assert.ok(pieces > 10, `${pieces}`)
    same(readFileSync(place.out), await here(t, place.model, path))
  })

  it('the command, with options of its own; a file without rows', async (t) => {
    const place = await workplace(t)
    const server = await Server.start(t)
    startWorkers(t, server.url, 1)
    const both = [place.model, place.csv]
    const given = ['--servers', server.url, '--out', place.out, '--piece', '0.05']
    const { code, stdout, stderr } = await bounded(run(t, command, 'predict', ...both, ...given), 60)
    assert.equal(code, 0, stderr)
    assert.match(String(stdout), /^(\d+) of \1 pieces in .*answers\n$/)
    assert.match(stderr, /fields are separated by ";"/)
    same(readFileSync(place.out), await here(t, ...both))
    writeFileSync(place.at('empty.csv'), 'size,colour,weight\n')
    const empty = [place.model, place.at('empty.csv'), ...given]
    assert.equal((await bounded(run(t, command, 'predict', ...empty), 60)).code, 0)
    assert.match(readFileSync(place.out, 'utf8'), /^kind,P\(kind 0\),[^\n]*\n$/)
  })
})

describe('what goes wrong', () => {
  it('a worker is killed in the middle of its piece', async (t) => {
    const place = await workplace(t)
    const server = await Server.start(t)
    const [first, second] = startWorkers(t, server.url, 2, { imported: slowly(place.folder, 100) })
    const { on } = await heard(t, server.url)
    const result = on.predict({ model: place.model, file: place.csv, out: place.out, piece: small })
    await until(() => (second.state?.done ?? 0) >= 2 && first.state?.run !== undefined)
    await kill(first.child)
    await bounded(result, 60)
    same(readFileSync(place.out), await here(t, place.model, place.csv))
  })

  for (const signal of /** @type {const} */ (['SIGKILL', 'SIGTERM'])) {
    it(`the coordinator is ended by ${signal}, and another one goes on where it was`, async (t) => {
      const place = await workplace(t)
      const server = await Server.start(t)
      const workers = startWorkers(t, server.url, 2, { imported: slowly(place.folder, 300) })
      const options = { model: place.model, file: place.csv, out: place.out, piece: small, json: true }
      const first = coordinator(t, server.url, options)
      await until(() => existsSync(`${place.out}.progress`) && first.written() >= 6)
      await kill(first.child, signal)
      assert.ok(!existsSync(place.out))
      // More than is known to be there does not harm.
      appendFileSync(`${place.out}.part`, 'half a li')
      const second = coordinator(t, server.url, options)
      const progress = await bounded(second.done, 60)
      assert.ok(progress.before >= 1 && progress.written === 20, JSON.stringify(progress))
      same(readFileSync(place.out), await here(t, place.model, place.csv, '--json'))
      const done = workers.reduce((sum, { state }) => sum + (state?.done ?? 0), 0)
      if (signal === 'SIGKILL') assert.equal(done, 20)
      assert.deepEqual(
        readdirSync(place.folder).filter((name) => name.startsWith('answers')),
        ['answers'],
      )
    })
  }

  it('a wrong row is named as on one machine, and nothing is there', async (t) => {
    const place = await workplace(t)
    const server = await Server.start(t)
    startWorkers(t, server.url, 2)
    const { on } = await heard(t, server.url)
    const wrong = {
      'number.csv': `${csv}1;"blue";wide\n`,
      'missing.csv': `${csv};"blue";3\n${csv.slice(csv.indexOf('\n') + 1)}`,
      'category.csv': `${csv}1;"blue";3\n1;"pink";3\n`,
      'fields.csv': `${csv}1;"blue"\n`,
      'quote.csv': `${csv}1;b"lue";3\n`,
      'record.jsonl': `${jsonl}\n[]\n`,
      'columns.csv': 'size;colour\n1;"blue"\n',
    }
    for (const [name, text] of Object.entries(wrong)) {
      const path = place.at(name)
      writeFileSync(path, text)
      const { stderr } = await run(t, deltaprop, 'predict', place.model, path)
      const [, said] = /^(?:note: .*\n)*deltaprop: (.*)\n$/.exec(stderr) ?? []
      assert.match(said, /: expected /)
      // Options have other names there, or are none of this command.
      const expected = said.replace('--missing ', 'missing ')
      const result = on.predict({ model: place.model, file: path, out: place.out, piece: small })
      await assert.rejects(bounded(result, 60), (/** @type {Error} */ { message }) => {
        const [start] = message.split('; unknown:')
        assert.equal(start, expected)
        return true
      })
      assert.ok(!existsSync(place.out))
    }
  })

  it('a worker does not see the file, or sees another one', async (t) => {
    const place = await workplace(t)
    const server = await Server.start(t)
    startWorkers(t, server.url, 1)
    const { on } = await heard(t, server.url)
    const given = { model: place.model, file: place.csv, out: place.out, piece: small }
    const away = on.predict({ ...given, pathOnWorkers: '/nowhere/rows.csv' })
    await assert.rejects(bounded(away, 30), {
      message: new RegExp(
        `^${place.csv}: expected a file that workers can read, got no such file or directory at /nowhere/rows.csv on \\S+; pathOnWorkers says`,
      ),
    })
    writeFileSync(place.at('other.csv'), csv.replaceAll('blue', 'bleu'))
    const other = on.predict({ ...given, pathOnWorkers: place.at('other.csv') })
    await assert.rejects(bounded(other, 30), {
      message:
        /rows.csv: expected the bytes that it was cut by, got others at byte \d+ of \S+other.csv on \S+; it has changed/,
    })
    // The same file elsewhere goes on.
    writeFileSync(place.at('same.csv'), csv)
    await bounded(on.predict({ ...given, pathOnWorkers: place.at('same.csv') }), 60)
    same(readFileSync(place.out), await here(t, place.model, place.csv))
  })

  it('the file changes meanwhile', async (t) => {
    const place = await workplace(t)
    const server = await Server.start(t)
    const [worker] = startWorkers(t, server.url, 1, { imported: slowly(place.folder, 100) })
    const { on } = await heard(t, server.url)
    const result = on.predict({ model: place.model, file: place.csv, out: place.out, piece: small })
    result.catch(() => undefined)
    await until(() => (worker.state?.done ?? 0) >= 2)
    writeFileSync(place.at('new.csv'), csv.replaceAll('blue', 'bleu'))
    renameSync(place.at('new.csv'), place.csv)
    await assert.rejects(bounded(result, 60), { message: /it has changed, or is another file$/ })
    assert.ok(!existsSync(place.out))
  })

  it('two at once write one file: the one that was there first says so', async (t) => {
    const place = await workplace(t)
    const server = await Server.start(t)
    startWorkers(t, server.url, 2, { imported: slowly(place.folder, 50) })
    const { on } = await heard(t, server.url)
    const given = { model: place.model, file: place.csv, out: place.out }
    let written = 0
    const first = on.predict({
      ...given,
      piece: small,
      onProgress: (progress) => (written = progress.written),
    })
    first.catch(() => undefined)
    await until(() => written > 0)
    const second = on.predict({ ...given, piece: 0.1 })
    const message = `out: expected to write ${place.out}.part alone, but another program does, too`
    await assert.rejects(bounded(first, 60), { message })
    await bounded(second, 60)
    same(readFileSync(place.out), await here(t, place.model, place.csv))
  })

  it('two at once write one file, whose pieces are as long', async (t) => {
    const path = join(temporaryFolder(t), 'answers')
    const piece = (/** @type {string} */ text) => new TextEncoder().encode(text)
    const first = await AnswersFile.open(path, 'a')
    await first.append('h\n', piece('A0\n'))
    const second = await AnswersFile.open(path, 'b')
    await second.append('h\n', piece('B0\n'))
    await assert.rejects(first.append('h\n', piece('A1\n')), /but another program does, too/)
    await first.leave()
    await second.append('h\n', piece('B1\n'))
    await second.finish()
    assert.equal(readFileSync(path, 'utf8'), 'h\nB0\nB1\n')
  })

  it('options are checked', async (t) => {
    const place = await workplace(t)
    const server = await Server.start(t)
    const { on } = await heard(t, server.url)
    const given = { model: place.model, file: place.csv, out: place.out }
    const cases = /** @type {const} */ ([
      [{ piece: 0 }, 'piece: expected megabytes, more than 0, at most 1024, got 0'],
      [{ ahead: 0.5 }, 'ahead: expected an integer >= 1, got 0.5'],
      [{ out: place.csv }, `out: expected another file than those that are read, got ${place.csv}`],
      [{ out: place.model }, `out: expected another file than those that are read, got ${place.model}`],
      [
        { out: '/nowhere/x' },
        'out: expected a file that can be written, got no such file or directory at /nowhere/x',
      ],
      [
        { file: '/nowhere.csv' },
        '/nowhere.csv: expected a file that can be read, got no such file or directory',
      ],
      [
        { file: place.folder },
        `${place.folder}: expected a file, of which workers read pieces, got a directory`,
      ],
    ])
    for (const [more, message] of cases) {
      await assert.rejects(on.predict({ ...given, ...more }), { message })
    }
    await assert.rejects(
      on.predict(/** @type {never} */ ({ ...given, pieces: 3 })),
      /options: expected one of/,
    )
  })
})

describe('a first piece that is slow', () => {
  it('holds back those behind it: answers that wait are few', async (t) => {
    const place = await workplace(t)
    const server = await Server.start(t)
    const ahead = 4
    const release = place.at('release')
    startWorkers(t, server.url, 2, { imported: slowly(place.folder, 0, release) })
    const { on } = await heard(t, server.url, 60)
    const options = { model: place.model, file: place.csv, out: place.out, piece: small, ahead }
    const result = on.predict(options)
    result.catch(() => undefined)
    const nc = await connect({ servers: server.url })
    t.after(() => nc.close())
    const jsm = await jetstreamManager(nc)
    /** @param {RegExp} name of a stream */
    const messages = async (name) => {
      const streams = await jsm.streams.list().next()
      return streams.find(({ config }) => name.test(config.name))?.state.messages ?? 0
    }
    /** @type {number[]} */
    const seen = []
    const isSteady = () => seen.slice(-10).filter((results) => results === ahead - 1).length === 10
    for (const end = Date.now() + 120_000; !isSteady() && Date.now() < end;) {
      seen.push(await messages(/_results_/))
      assert.ok((await messages(/_jobs$/)) <= ahead)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    assert.equal(Math.max(...seen), ahead - 1)
    assert.equal(await messages(/_jobs$/), 1)
    writeFileSync(release, '')
    await bounded(result, 60)
    same(readFileSync(place.out), await here(t, place.model, place.csv))
  })
})

/** A coordinator in a process of its own. @param {import('./support.js').Context} t @param {string} url @param {object} options */
function coordinator(t, url, options) {
  const child = watched(t, fork(file('./predictor.js'), [url, String(lostAfter), JSON.stringify(options)]))
  /** @type {import('../dist/index.js').FileProgress | undefined} */
  let last
  const done = new Promise((resolve) => {
    child.on(
      'message',
      (/** @type {import('../dist/index.js').FileProgress & { isEnd: boolean }} */ progress) => {
        last = progress
        if (progress.isEnd) resolve(progress)
      },
    )
  })
  return {
    child,
    /** @type {Promise<import('../dist/index.js').FileProgress>} */
    done,
    written: () => (last === undefined ? 0 : last.written - last.before),
  }
}
