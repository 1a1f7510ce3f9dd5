import { useSyncExternalStore } from 'react'

/** red, green, blue, each from 0 to 255 */
export type Color = readonly [number, number, number]

export interface Palette {
  readonly first: Color
  readonly second: Color
  readonly paper: Color
}

/** The colours of the style sheet that are painted with. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement)
  const color = (name: string): Color => {
    const text = style.getPropertyValue(name).trim()
    const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16))
    return [red, green, blue]
  }
  return { first: color('--first'), second: color('--second'), paper: color('--card') }
}

/** @param share of `to`, from 0 to 1 */
export function mix(from: Color, to: Color, share: number): Color {
  const [red, green, blue] = from.map((value, i) => value + share * (to[i] - value))
  return [red, green, blue]
}

const dark = matchMedia('(prefers-color-scheme: dark)')

function subscribe(listener: () => void): () => void {
  dark.addEventListener('change', listener)
  return () => dark.removeEventListener('change', listener)
}

/** Whether the page is dark; renders again when that changes. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, () => dark.matches)
}
