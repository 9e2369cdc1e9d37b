import { run } from './step.ts'

await run()
