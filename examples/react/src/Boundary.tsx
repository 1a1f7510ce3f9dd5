import { useEffect, useRef } from 'react'
import type { Points } from './points.js'
import { mix, readPalette } from './palette.js'

const SIDE = 96
const PIXELS = 768

/** Where the picture is asked, row by row: the middle of each cell of a plane from -1 to 1. */
const grid = Float32Array.from({ length: 2 * SIDE * SIDE }, (_, i) => {
  const cell = i >> 1
  const at = i % 2 === 0 ? cell % SIDE : Math.floor(cell / SIDE)
  return (2 * (at + 0.5)) / SIDE - 1
})

interface Props {
  readonly points: Points
  readonly isDark: boolean
  /** the probabilities of the second kind; undefined as long as there is no network */
  readonly predict: (x: Float32Array) => Float32Array | undefined
}

/** What a network takes each place of the plane for, and the points that it has seen. Painted with every render. */
export function Boundary({ points, isDark, predict }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (context) paint(context, points, predict(grid))
  }, [points, isDark, predict])
  return (
    <canvas
      ref={canvas}
      className="boundary"
      width={PIXELS}
      height={PIXELS}
      role="img"
      aria-label="The plane, coloured by what the network takes each place for, with the points that it learns from"
    />
  )
}

function paint(
  context: CanvasRenderingContext2D,
  { x, y }: Points,
  probabilities: Float32Array | undefined,
): void {
  const palette = readPalette()
  const image = new ImageData(SIDE, SIDE)
  for (let i = 0; i < SIDE * SIDE; ++i) {
    const p = probabilities?.[i] ?? 0.5
    image.data.set(
      mix(palette.paper, p < 0.5 ? palette.first : palette.second, 0.75 * Math.abs(2 * p - 1)),
      4 * i,
    )
    image.data[4 * i + 3] = 255
  }
  const small = new OffscreenCanvas(SIDE, SIDE)
  small.getContext('2d')?.putImageData(image, 0, 0)
  context.imageSmoothingQuality = 'high'
  context.drawImage(small, 0, 0, PIXELS, PIXELS)
  for (const [i, kind] of y.entries()) {
    context.beginPath()
    context.arc(((x[2 * i] + 1) / 2) * PIXELS, ((x[2 * i + 1] + 1) / 2) * PIXELS, 6, 0, 2 * Math.PI)
    context.fillStyle = `rgb(${(kind === 0 ? palette.first : palette.second).join(' ')})`
    context.strokeStyle = `rgb(${palette.paper.join(' ')})`
    context.lineWidth = 2.5
    context.fill()
    context.stroke()
  }
}
