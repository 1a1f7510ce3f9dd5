const [WIDTH, HEIGHT] = [320, 120]
/** More than the curve has pixels. */
const MOST_POINTS = 400

interface Props {
  readonly losses: readonly number[]
}

/** Losses epoch by epoch, on a logarithmic scale; what is at its lines is written where the curve is not. */
export function LossCurve({ losses }: Props) {
  const step = Math.max(1, Math.ceil(losses.length / MOST_POINTS))
  const logs = losses.filter((_, i) => i % step === 0).map((loss) => Math.log10(Math.max(loss, 1e-6)))
  const most = Math.max(0, ...logs)
  const least = Math.min(-1, ...logs)
  const points = logs.map((log, i) => {
    const x = (i / Math.max(1, logs.length - 1)) * WIDTH
    const y = ((most - log) / (most - least)) * HEIGHT
    return `${x.toFixed(1)},${y.toFixed(1)}`
  })
  return (
    <svg
      className="curve"
      viewBox={`0 -4 ${WIDTH} ${HEIGHT + 8}`}
      role="img"
      aria-label="The loss, epoch by epoch"
    >
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <line x1={0} x2={WIDTH} y1={share * HEIGHT} y2={share * HEIGHT} />
          <text
            x={share === 0 ? WIDTH : 0}
            y={share * HEIGHT + (share === 0 ? 11 : -4)}
            textAnchor={share === 0 ? 'end' : 'start'}
          >
            {(10 ** (most - share * (most - least))).toPrecision(2)}
          </text>
        </g>
      ))}
      <polyline points={points.join(' ')} />
    </svg>
  )
}
