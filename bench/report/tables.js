// @ts-check
/** What was measured, as rows of text. */
import { formatPercent, formatRate, formatRatio, formatSeconds, formatSpread } from '../measure.js'
import { describe, describeBatch, findWorkload, inferenceWorkloads, workloads } from '../workloads.js'

/** @typedef {import('../train.js').SpeedRow} SpeedRow */
/** @typedef {import('../contenders.js').ContenderName} ContenderName */
/** @typedef {import('./table.js').TableRow} TableRow */

/** What the contenders are called. */
export const titles = /** @type {const} */ ({
  exact: 'wasm exact',
  relaxed: 'wasm relaxed',
  baseline: 'baseline engine',
  dotProducts: 'dot products',
})

/** @param {readonly SpeedRow[]} rows */
export function trainingTable(rows) {
  return rows.flatMap((row) => {
    const workload = findWorkload(workloads, row.name)
    const label = `${describe(workload)}, ${describeBatch(workload)}`
    return group('network, batch', label, row, (rate) => ({ 'samples/s': formatRate(rate) }))
  })
}

/** @param {readonly SpeedRow[]} rows */
export function inferenceTable(rows) {
  return rows.flatMap((row) => {
    const workload = findWorkload(inferenceWorkloads, row.name)
    const label = `${describe(workload)}, ${workload.samples.toLocaleString('en')}`
    return group('network, samples a call', label, row, (rate) => ({
      'samples/s': formatRate(rate),
      'a call': formatSeconds(workload.samples / rate.median),
    }))
  })
}

/**
 * A row for each contender, under what they have in common.
 *
 * @param {string} head
 * @param {string} label
 * @param {SpeedRow} row
 * @param {(rate: import('../measure.js').Statistics) => TableRow} speed
 * @returns {TableRow[]}
 */
function group(head, label, { precision, flopsPerSample, checksum, rates, peaks }, speed) {
  const names = /** @type {ContenderName[]} */ (Object.keys(titles))
  return names
    .filter((name) => name === 'relaxed' || name in rates)
    .map((name, i) => {
      const rate = rates[name]
      const common = i === 0 ? { [head]: label, type: precision } : { [head]: '', type: '' }
      if (rate === undefined) return { ...common, engine: titles[name], 'samples/s': 'not available' }
      const flops = rate.median * flopsPerSample
      const peak = name === 'relaxed' ? peaks.relaxed : peaks.exact
      const times = (/** @type {ContenderName} */ other) =>
        name === other ? '' : formatRatio(rate.median / (rates[other]?.median ?? NaN))
      return {
        ...common,
        engine: titles[name],
        ...speed(rate),
        'GFLOP/s': formatRatio(flops / 1e9),
        'of peak': formatPercent(flops / (peak?.median ?? NaN)),
        '× baseline': times('baseline'),
        '× dot products': times('dotProducts'),
        checksum: i === 0 ? checksum.toFixed(6) : '',
      }
    })
}

/** From where on the time is expected to be the same throughout. */
const flatFrom = { batch: 16, width: 64, depth: 1, parameters: 1e4 }

/**
 * How flat a curve is: `batch 16 to 4,096: within 12 %`, the slowest point against the fastest.
 * @param {import('../curves.js').Curve} curve
 */
export function flatness({ name, points }) {
  const flat = points.filter(({ at }) => at >= flatFrom[name])
  const medians = flat.map(({ seconds }) => seconds.median)
  const [first, last] = [flat[0], flat[flat.length - 1]].map(({ at }) => at.toLocaleString('en'))
  const deviation = Math.max(...medians) / Math.min(...medians) - 1
  return `${name} ${first} to ${last}: within ${formatPercent(deviation)}`
}

/** @param {import('../curves.js').Curve} curve */
export function curveTitle(curve) {
  return `Training over ${curve.name}; ${flatness(curve)}`
}

/** @param {import('../curves.js').Curve} curve */
export function curveTable({ name, points, peak }) {
  const unit = name === 'batch' ? 'a sample' : 'a parameter and sample'
  return points.map(({ at, seconds, flops }) => ({
    [name]: at.toLocaleString('en'),
    [unit]: `${formatSeconds(seconds.median)} ${formatSpread(seconds.spread)}`.trimEnd(),
    'GFLOP/s': formatRatio(flops / 1e9),
    'of peak': formatPercent(flops / peak.median),
  }))
}

/** @param {readonly import('../threads.js').ThreadsRow[]} rows */
export function threadsTable(rows) {
  return rows.map(({ name, rates, apart }) => {
    const workload = findWorkload(workloads, name)
    /** @type {Record<string, string>} */
    const row = { 'network, batch': `${describe(workload)}, ${workload.batch}` }
    for (const [i, rate] of rates.entries()) {
      const threads = i === 0 ? '1 thread' : `${i + 1} threads`
      row[threads] = formatRate(rate)
      if (i > 0) row[`× ${i + 1}`] = formatRatio(rate.median / rates[0].median)
    }
    row[`${rates.length} networks`] = formatRate(apart)
    row['× networks'] = formatRatio(apart.median / rates[0].median)
    return row
  })
}

/** @param {import('../startup.js').Startup} startup */
export function startupTable({ milliseconds }) {
  return Object.entries(milliseconds).map(([engine, { imported, made, trained }]) => ({
    engine,
    imported: formatSeconds(imported.median / 1000),
    'network made': formatSeconds(made.median / 1000),
    'first batch trained':
      `${formatSeconds(trained.median / 1000)} ${formatSpread(trained.spread)}`.trimEnd(),
  }))
}

/** @param {import('../startup.js').Startup} startup */
export function sizesTable({ files }) {
  return Object.entries(files).map(([file, { bytes, gzip }]) => ({
    file,
    KB: (bytes / 1000).toFixed(1),
    'KB, gzip': (gzip / 1000).toFixed(1),
  }))
}
