import type { Floats } from './kernel-memory.js'

/** The number of panels that hold so many samples. */
export function panelCount(samples: number, lanes: number): number {
  return Math.ceil(samples / lanes)
}

/** Rows (samples × width) as sample panels: panels × width × lanes; what pads the last panel is `padding`. */
export function toSamplePanels(rows: readonly (readonly number[])[], lanes: number, padding = 0): number[] {
  const panels: number[] = []
  for (let p = 0; p < panelCount(rows.length, lanes); ++p) {
    for (let k = 0; k < rows[0].length; ++k) {
      for (let s = 0; s < lanes; ++s) panels.push(rows[p * lanes + s]?.[k] ?? padding)
    }
  }
  return panels
}

/** Rows (samples × width) as feature panels: ⌈width / lanes⌉ × samples × lanes, padded with zeros. */
export function toFeaturePanels(rows: readonly (readonly number[])[], lanes: number): number[] {
  const samples = panelCount(rows.length, lanes) * lanes
  const panels: number[] = []
  for (let f = 0; f < Math.ceil(rows[0].length / lanes); ++f) {
    for (let s = 0; s < samples; ++s) {
      for (let i = 0; i < lanes; ++i) panels.push(rows[s]?.[f * lanes + i] ?? 0)
    }
  }
  return panels
}

/** The rows that sample panels hold. */
export function fromSamplePanels(panels: Floats, samples: number, width: number, lanes: number): number[][] {
  const at = (s: number, k: number): number =>
    panels[(Math.floor(s / lanes) * width + k) * lanes + (s % lanes)]
  return Array.from({ length: samples }, (_, s) => Array.from({ length: width }, (_, k) => at(s, k)))
}
