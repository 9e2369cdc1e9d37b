import { run } from './run/step.ts'

await run()
