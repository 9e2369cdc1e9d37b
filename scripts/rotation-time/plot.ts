// The simulation and the measured points, as a picture.
import { type Chart, drawChart, HEIGHT, type Series, WIDTH } from './chart.ts'
import { calibrate, isSame, type Load, type Point, simulate } from './model.ts'

const ROUND_TRIPS_MS = [0, 20, 100]
const NAMESPACES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]
const CONCURRENCIES = [1, 2, 4, 8, 16, 32, 64, 128]
/** The default of the input. */
const CONCURRENCY = 16
const MANY = 1000

const SECONDS = { ticks: [0.1, 1, 10, 100, 1000] }

/** The same for the same points. */
export function plotRotationTime(points: readonly Point[]): string {
  const constants = calibrate(points)
  const seconds = (load: Load) => simulate(load, constants) / 1000
  const seriesOf = (values: readonly number[], loadOf: (value: number) => Omit<Load, 'roundTripMs'>): Series[] =>
    ROUND_TRIPS_MS.map((roundTripMs, index) => ({
      name: `round trip ${roundTripMs} ms`,
      className: `s${index + 1}`,
      line: values.map((value) => [value, seconds({ ...loadOf(value), roundTripMs })]),
      dots: points.flatMap((point) => {
        const value = values.find((one) => isSame(point, { ...loadOf(one), roundTripMs }))
        return value === undefined ? [] : [[value, point.wallMs / 1000] as const]
      }),
    }))
  const charts: readonly Chart[] = [
    {
      title: `Seconds of a rotation, concurrency ${CONCURRENCY}`,
      x: { title: 'namespaces (lines: simulated, dots: measured)', ticks: [1, 10, 100, 1000, 10_000] },
      y: SECONDS,
      series: seriesOf(NAMESPACES, (namespaces) => ({ namespaces, concurrency: CONCURRENCY })),
    },
    {
      title: `Seconds of a rotation, ${MANY.toLocaleString('en')} namespaces`,
      x: { title: 'concurrency', ticks: CONCURRENCIES },
      y: SECONDS,
      series: seriesOf(CONCURRENCIES, (concurrency) => ({ namespaces: MANY, concurrency })),
    },
  ]
  const width = WIDTH * charts.length
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" role="img" aria-label="Wall time of a rotation">
<style>${STYLE}</style>
<rect class="background" width="${width}" height="${HEIGHT}"/>
${charts.map((chart, index) => drawChart(chart, index * WIDTH)).join('\n')}
</svg>
`
}

const STYLE = `
text { font: 12px sans-serif; fill: #1f2328; }
.title { font-weight: bold; }
.middle { text-anchor: middle; }
.end { text-anchor: end; }
.background { fill: #ffffff; }
.grid { stroke: #d1d9e0; fill: none; }
.line { fill: none; stroke-width: 2; }
.s1 { stroke: #1a7f37; } .dot.s1 { fill: #1a7f37; }
.s2 { stroke: #0969da; } .dot.s2 { fill: #0969da; }
.s3 { stroke: #bc4c00; } .dot.s3 { fill: #bc4c00; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  .background { fill: #0d1117; }
  .grid { stroke: #3d444d; }
}
`
