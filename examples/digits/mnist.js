// @ts-check
// Reads MNIST's files: IDX, big-endian 32-bit numbers (magic, sizes) and then one byte for each pixel or label, as described
// at http://yann.lecun.com/exdb/mnist/.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** @typedef {import('./data.js').Digits} Digits */
/** @typedef {{ kind: 'images' | 'labels', magic: number, dimensions: number }} Format */

/** @type {Format} */
const IMAGES = { kind: 'images', magic: 0x00000803, dimensions: 3 }
/** @type {Format} */
const LABELS = { kind: 'labels', magic: 0x00000801, dimensions: 1 }

/** Fewer images cannot be dealt out for training and validation. */
const MIN_IMAGES = 10

/**
 * The training and the test images in a folder, in files named as MNIST's are.
 *
 * @param {string} folder
 * @throws Error that says in one line what is wrong with the folder or with a file
 */
export function readMnist(folder) {
  const names = listFolder(folder)
  const wanted = [
    'train-images-idx3-ubyte',
    'train-labels-idx1-ubyte',
    't10k-images-idx3-ubyte',
    't10k-labels-idx1-ubyte',
  ]
  const found = wanted.map((name) => findFile(names, name))
  const missing = wanted.filter((_, i) => found[i] === undefined)
  if (missing.length > 0) {
    throw new Error(
      `${folder}: no ${missing.join(', no ')} (looked for with .gz, with a prefix, and with . before idx too)`,
    )
  }
  const [trainImages, trainLabels, testImages, testLabels] = found.map((name) => join(folder, name ?? ''))
  const train = readDigits(trainImages, trainLabels)
  const test = readDigits(testImages, testLabels)
  if (test.rows !== train.rows || test.columns !== train.columns) {
    throw new Error(
      `${basename(testImages)}: expected images of ${train.rows} × ${train.columns} pixels as in ` +
        `${basename(trainImages)}, got ${test.rows} × ${test.columns}`,
    )
  }
  return { train, test }
}

/**
 * The names of the files in a folder.
 *
 * @param {string} folder
 */
function listFolder(folder) {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
  } catch (error) {
    throw new Error(`--mnist: expected a folder that can be read, got '${folder}'`, { cause: error })
  }
}

/**
 * The shortest of the names that are the one wanted, in any of its forms; undefined if there is none.
 *
 * @param {string[]} names
 * @param {string} wanted
 */
function findFile(names, wanted) {
  const pattern = new RegExp(`${wanted.replace('-idx', '[-.]idx')}(\\.gz)?$`)
  const fits = names.filter((name) => pattern.test(name))
  return fits.sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).at(0)
}

/**
 * @param {string} imagesFile
 * @param {string} labelsFile
 * @returns {Digits}
 */
function readDigits(imagesFile, labelsFile) {
  const images = readIdx(imagesFile, IMAGES)
  const labels = readIdx(labelsFile, LABELS)
  const [count, rows, columns] = images.sizes
  if (count < MIN_IMAGES) {
    throw new Error(`${basename(imagesFile)}: expected at least ${MIN_IMAGES} images, got ${count}`)
  }
  if (labels.sizes[0] !== count) {
    throw new Error(
      `${basename(labelsFile)}: expected ${count} labels as there are images in ${basename(imagesFile)}, ` +
        `got ${labels.sizes[0]}`,
    )
  }
  const wrong = labels.values.find((label) => label > 9)
  if (wrong !== undefined)
    throw new Error(`${basename(labelsFile)}: expected labels from 0 to 9, got ${wrong}`)
  const x = new Float32Array(images.values.length)
  for (let i = 0; i < x.length; ++i) x[i] = images.values[i] / 255
  return { rows, columns, x, labels: labels.values }
}

/**
 * The sizes and the bytes of an IDX file, gzipped or not.
 *
 * @param {string} file
 * @param {Format} format
 * @returns {{ sizes: number[], values: Uint8Array }}
 */
function readIdx(file, { kind, magic, dimensions }) {
  const bytes = unzipped(file, readFileSync(file))
  const headerLength = 4 * (1 + dimensions)
  if (bytes.length < headerLength) {
    throw new Error(
      `${basename(file)}: expected a header of ${headerLength} bytes, got ${bytes.length} bytes in all`,
    )
  }
  const [got, ...sizes] = Array.from({ length: 1 + dimensions }, (_, i) => bytes.readUInt32BE(4 * i))
  if (got !== magic) {
    throw new Error(`${basename(file)}: expected the magic number ${hex(magic)} of ${kind}, got ${hex(got)}`)
  }
  const length = headerLength + sizes.reduce((product, size) => product * size, 1)
  if (bytes.length !== length) {
    const counted = `${kind} ${sizes.join(' × ')}`
    throw new Error(`${basename(file)}: expected ${length} bytes (${counted}), got ${bytes.length}`)
  }
  return { sizes, values: bytes.subarray(headerLength) }
}

/**
 * @param {string} file
 * @param {Buffer} bytes
 */
function unzipped(file, bytes) {
  if (bytes.length < 2 || bytes.readUInt16BE(0) !== 0x1f8b) return bytes
  try {
    return gunzipSync(bytes)
  } catch (error) {
    throw new Error(`${basename(file)}: the gzip file is damaged or truncated`, { cause: error })
  }
}

/** @param {number} magic */
function hex(magic) {
  return `0x${magic.toString(16).padStart(8, '0')}`
}
