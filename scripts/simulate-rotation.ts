// The picture of how long a rotation takes, simulated and measured, for docs/performance.md: npm run simulate
// `npm run bench:latency -- --docs` measures the points.
import { writeFileSync } from 'node:fs'
import measured from './rotation-time/measured.json' with { type: 'json' }
import { plotRotationTime } from './rotation-time/plot.ts'

const PICTURE = 'docs/pictures/rotation-time.svg'

writeFileSync(PICTURE, plotRotationTime(measured))
console.log(PICTURE)
