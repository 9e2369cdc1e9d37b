// Writes the plots of docs/many-clusters.md: `npm run simulate`. They are the same each time.
import { writeFileSync } from 'node:fs'
import { clustersPlot, panels } from './clusters/figures.ts'

const content = panels()
for (const theme of ['light', 'dark'] as const) {
  const path = `docs/pictures/clusters-${theme}.svg`
  writeFileSync(path, clustersPlot(theme, content))
  console.log(path)
}
for (const { title, lines } of content) {
  console.log(`\n${title}`)
  for (const { title: line, points } of lines)
    console.log(`  ${line}: ${points.map(([x, y]) => `${x} → ${y.toFixed(2)}`).join(', ')}`)
}
