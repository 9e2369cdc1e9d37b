// A plot in SVG, written by hand: panels with lines.

export type Theme = 'light' | 'dark'

export interface Panel {
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  /** Whether the axis is logarithmic; its ticks are values and their texts. */
  readonly x: Axis
  readonly y: Axis
  readonly lines: readonly Line[]
}

export interface Axis {
  readonly isLogarithmic?: true
  readonly ticks: readonly (readonly [value: number, text: string])[]
}

export interface Line {
  readonly title: string
  /** From 0 to 4: lines of several panels that mean the same look the same. */
  readonly style: number
  readonly points: readonly (readonly [x: number, y: number])[]
}

const COLORS: Readonly<
  Record<Theme, { text: string; muted: string; grid: string; background: string; lines: string[] }>
> = {
  light: {
    text: '#1f2328',
    muted: '#59636e',
    grid: '#d1d9e0',
    background: '#ffffff',
    lines: ['#b3151f', '#0758c5', '#1a7f37', '#7d4e00', '#8250df'],
  },
  dark: {
    text: '#f0f6fc',
    muted: '#a5aeb8',
    grid: '#30363d',
    background: '#0d1117',
    lines: ['#ff8f88', '#78b4ff', '#56d364', '#e3b341', '#c297ff'],
  },
}

/** Lines differ without their colors as well. */
const DASHES = ['', '7 3', '2 3', '9 3 2 3', '12 4']

const [WIDTH, HEIGHT, LEGEND_LINE] = [330, 300, 17]
const BOX = { left: 52, right: 310, top: 34, bottom: 240 }

/** @param description for people who do not see the plot */
export function plot(
  panels: readonly Panel[],
  { theme, description }: { readonly theme: Theme; readonly description: string },
): string {
  const colors = COLORS[theme]
  const height = HEIGHT + LEGEND_LINE * Math.max(...panels.map(({ lines }) => lines.length))
  const width = WIDTH * panels.length
  const content = panels.map(
    (panel, index) => `<g transform="translate(${index * WIDTH} 0)">${drawPanel(panel, theme)}</g>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="${escaped(description)}">
<rect width="${width}" height="${height}" fill="${colors.background}"/>
${content.join('\n')}
</svg>
`
}

function drawPanel({ title, xLabel, yLabel, x, y, lines }: Panel, theme: Theme): string {
  const { text, muted, grid, lines: strokes } = COLORS[theme]
  const atX = scale(x, BOX.left, BOX.right)
  const atY = scale(y, BOX.bottom, BOX.top)
  const parts = [
    label(title, { x: BOX.left, y: 20, color: text, weight: 600 }),
    ...y.ticks.flatMap(([value, tick]) => [
      `<path d="M${BOX.left} ${atY(value)}H${BOX.right}" stroke="${grid}"/>`,
      label(tick, { x: BOX.left - 6, y: atY(value) + 4, color: muted, anchor: 'end' }),
    ]),
    ...x.ticks.map(([value, tick]) =>
      label(tick, { x: atX(value), y: BOX.bottom + 17, color: muted, anchor: 'middle' }),
    ),
    label(xLabel, { x: (BOX.left + BOX.right) / 2, y: BOX.bottom + 36, color: text, anchor: 'middle' }),
    `<g transform="translate(13 ${(BOX.top + BOX.bottom) / 2}) rotate(-90)">${label(yLabel, { x: 0, y: 0, color: text, anchor: 'middle' })}</g>`,
    ...lines.map(({ points, style }) => {
      const path = points.map(([px, py], point) => `${point === 0 ? 'M' : 'L'}${atX(px)} ${atY(py)}`).join('')
      return `<path d="${path}" fill="none" ${stroke(strokes[style] ?? text, style)}/>`
    }),
    ...lines.map(({ title: name, style }, index) => {
      const lineY = BOX.bottom + 58 + index * LEGEND_LINE
      return `<path d="M${BOX.left} ${lineY}h26" ${stroke(strokes[style] ?? text, style)}/>${label(name, { x: BOX.left + 34, y: lineY + 4, color: text })}`
    }),
  ]
  return parts.join('\n')
}

function stroke(color: string, index: number): string {
  return `stroke="${color}" stroke-width="2" stroke-dasharray="${DASHES[index] ?? ''}"`
}

/** From values of an axis to coordinates. What is below the smallest tick of a logarithmic axis is at its start. */
function scale({ isLogarithmic, ticks }: Axis, from: number, to: number): (value: number) => number {
  const values = ticks.map(([value]) => value)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const position = (value: number) => (isLogarithmic ? Math.log(value) : value)
  return (value) => {
    const share = (position(Math.max(value, low)) - position(low)) / (position(high) - position(low))
    return Math.round((from + share * (to - from)) * 10) / 10
  }
}

interface Place {
  readonly x: number
  readonly y: number
  readonly color: string
  readonly anchor?: 'middle' | 'end'
  readonly weight?: number
}

function label(text: string, { x, y, color, anchor, weight }: Place): string {
  const more = `${anchor === undefined ? '' : ` text-anchor="${anchor}"`}${weight === undefined ? '' : ` font-weight="${weight}"`}`
  return `<text x="${x}" y="${y}" fill="${color}"${more}>${escaped(text)}</text>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
