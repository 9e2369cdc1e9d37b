// A chart with two logarithmic axes, as SVG.

export interface Series {
  readonly name: string
  /** Of the style sheet of the picture. */
  readonly className: string
  readonly line: readonly Coordinates[]
  readonly dots: readonly Coordinates[]
}

/** In the units of the axes. */
export type Coordinates = readonly [x: number, y: number]

interface Axis {
  readonly title: string
  readonly ticks: readonly number[]
}

export interface Chart {
  /** Says what `y` is. */
  readonly title: string
  readonly x: Axis
  readonly y: Pick<Axis, 'ticks'>
  readonly series: readonly Series[]
}

export const WIDTH = 440
export const HEIGHT = 340
const MARGIN = { left: 56, right: 24, top: 32, bottom: 48 }

/** @param left where it begins in the picture */
export function drawChart({ title, x, y, series }: Chart, left: number): string {
  const [right, bottom] = [WIDTH - MARGIN.right, HEIGHT - MARGIN.bottom]
  const toX = scale(x.ticks, [MARGIN.left, right])
  const toY = scale(y.ticks, [bottom, MARGIN.top])
  const at = ([one, other]: Coordinates) => `${rounded(toX(one))},${rounded(toY(other))}`
  return [
    `<g transform="translate(${left} 0)">`,
    text({ x: MARGIN.left, y: 20, className: 'title' }, title),
    ...x.ticks.flatMap((tick) => [
      `<path class="grid" d="M${rounded(toX(tick))},${MARGIN.top}V${bottom}"/>`,
      text({ x: rounded(toX(tick)), y: bottom + 18, className: 'middle' }, label(tick)),
    ]),
    ...y.ticks.flatMap((tick) => [
      `<path class="grid" d="M${MARGIN.left},${rounded(toY(tick))}H${right}"/>`,
      text({ x: MARGIN.left - 8, y: rounded(toY(tick) + 4), className: 'end' }, label(tick)),
    ]),
    text({ x: (MARGIN.left + right) / 2, y: HEIGHT - 10, className: 'middle' }, x.title),
    ...series.flatMap(({ className, line, dots }) => [
      `<polyline class="line ${className}" points="${line.map(at).join(' ')}"/>`,
      ...dots.map((dot) => {
        const [cx, cy] = at(dot).split(',')
        return `<circle class="dot ${className}" cx="${cx}" cy="${cy}" r="4"/>`
      }),
    ]),
    ...series.flatMap(({ name, className }, index) => {
      const top = MARGIN.top + 16 + index * 18
      return [
        `<path class="line ${className}" d="M${MARGIN.left + 12},${top - 4}h20"/>`,
        text({ x: MARGIN.left + 38, y: top }, name),
      ]
    }),
    '</g>',
  ].join('\n')
}

interface TextPosition {
  readonly x: number
  readonly y: number
  readonly className?: string
}

function text({ x, y, className }: TextPosition, content: string): string {
  return `<text x="${x}" y="${y}"${className === undefined ? '' : ` class="${className}"`}>${content}</text>`
}

/** From the values of an axis to positions in the picture, logarithmic. */
function scale(ticks: readonly number[], [from, to]: readonly [number, number]): (value: number) => number {
  const [low, high] = [Math.log10(Math.min(...ticks)), Math.log10(Math.max(...ticks))]
  return (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from)
}

function label(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 2 })
}

/** The last digits of a logarithm may differ between machines. */
function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
